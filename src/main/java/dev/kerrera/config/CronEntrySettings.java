package dev.kerrera.config;

import java.util.List;
import java.util.Optional;

/**
 * What the configuration says of one cron entry, as it stands there; empty where it says nothing.
 *
 * @param name name of the entry
 * @param guessed whether the name was made of an environment variable, which cannot spell every name
 * @param enabled false when the entry is switched off
 * @param expression when it is due
 * @param worker the worker of its jobs
 * @param args args of its jobs, JSON
 * @param meta metadata of its jobs, JSON
 * @param queue queue of its jobs
 * @param timezone zone in which it is due
 * @param catchUp how it makes up for missed times
 * @param maxAttempts attempts of its jobs
 * @param priority priority of its jobs
 * @param tags tags of its jobs
 */
public record CronEntrySettings(
        String name,
        boolean guessed,
        boolean enabled,
        Optional<String> expression,
        Optional<String> worker,
        Optional<String> args,
        Optional<String> meta,
        Optional<String> queue,
        Optional<String> timezone,
        Optional<String> catchUp,
        Optional<Integer> maxAttempts,
        Optional<Integer> priority,
        Optional<List<String>> tags) {

    /** Whether an entry of that name is meant. */
    public boolean means(String entry) {
        return name.equals(entry) || guessed && SettingsReader.variable(name).equals(SettingsReader.variable(entry));
    }
}
