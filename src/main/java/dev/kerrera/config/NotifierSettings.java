package dev.kerrera.config;

import java.time.Duration;
import java.util.Optional;

/**
 * How a node hears of and announces new jobs.
 *
 * @param listens false when polling alone finds work
 * @param url server of the notifier's own connections; empty means the data source's
 * @param user user of those connections; empty means the data source's
 * @param password password of those connections, if the server asks for one
 * @param transactional whether NOTIFY is part of the caller's transaction
 * @param debounce least time between two sends
 */
public record NotifierSettings(
        boolean listens,
        Optional<String> url,
        Optional<String> user,
        Optional<String> password,
        boolean transactional,
        Duration debounce) {

    @Override
    public String toString() {
        return "NotifierSettings[listens=%s, url=%s, user=%s, transactional=%s, debounce=%s]"
                .formatted(listens, url.map(text -> text.replaceFirst("\\?.*", "?…")), user, transactional, debounce);
    }
}
