package dev.kerrera.config;

/**
 * What a node tells Oban Web.
 *
 * @param mode when it tells anything
 */
public record MetSettings(Mode mode) {

    /** When a node tells Oban Web about itself. */
    public enum Mode {
        /** While another node that is none of Kerrera's reports to Oban Web. */
        AUTO,
        /** Always. */
        ON,
        /** Never. */
        OFF
    }
}
