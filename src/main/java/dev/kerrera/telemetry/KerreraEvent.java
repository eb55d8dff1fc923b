package dev.kerrera.telemetry;

/**
 * Something that happened in Kerrera, Oban's <em>telemetry event</em>.
 *
 * <p>Events are CDI events: observe this type for all of them or one of the permitted records for that alone,
 * {@code void on(@Observes JobFailed failed)}. They are fired on Kerrera's threads after the fact, outside any transaction; an
 * observer that throws is logged and hurts nothing else. Events inform and may be lost with the node, so nothing that must
 * happen should hang on them.
 */
public sealed interface KerreraEvent
        permits JobStarted,
                JobStopped,
                JobFailed,
                JobFenced,
                JobReleased,
                JobStuck,
                QueueStopped,
                PeerElected,
                NotifierSwitched,
                ConnectivitySwitched {}
