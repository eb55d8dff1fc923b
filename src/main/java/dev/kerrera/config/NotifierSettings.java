package dev.kerrera.config;

import java.time.Duration;
import java.util.Optional;

/**
 * How a node hears of and announces new jobs.
 *
 * @param mode whether it listens, and by which connection
 * @param url server of the notifier's own connections; empty means the data source's
 * @param user user of those connections; empty means the data source's
 * @param password password of those connections, if the server asks for one
 * @param transactional whether NOTIFY is part of the caller's transaction
 * @param debounce least time between two sends
 */
public record NotifierSettings(
        Mode mode,
        Optional<String> url,
        Optional<String> user,
        Optional<String> password,
        boolean transactional,
        Duration debounce) {

    /** How a node hears of new jobs besides asking the table. */
    public enum Mode {
        /** By a connection of its own, to the data source's server where no other is named. */
        LISTEN,
        /** By a connection of its own to the server that is named, and to no other. */
        OWN_CONNECTION,
        /** Not at all. */
        POLL
    }

    /** False when polling alone finds work. */
    public boolean listens() {
        return mode != Mode.POLL;
    }

    @Override
    public String toString() {
        return "NotifierSettings[mode=%s, url=%s, user=%s, transactional=%s, debounce=%s]"
                .formatted(mode, url.map(text -> text.replaceFirst("\\?.*", "?…")), user, transactional, debounce);
    }
}
