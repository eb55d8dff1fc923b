package dev.kerrera.telemetry;

/**
 * The listening connection came up or was lost.
 *
 * @param listening whether notifications are heard now
 * @param reason why, in words
 */
public record NotifierSwitched(boolean listening, String reason) implements KerreraEvent {}
