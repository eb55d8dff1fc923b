package dev.kerrera.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What {@link Cron} says on a worker, not yet judged. Internal: other rooms may use it, applications should not.
 *
 * @param name name of the entry
 * @param expression when it is due
 * @param timezone the zone's name; empty for the configured one
 * @param args args of its jobs, JSON
 * @param meta metadata of its jobs, JSON
 * @param catchUp how it makes up for missed times; empty for the configured way
 */
public record CronLine(String name, String expression, String timezone, String args, String meta, String catchUp) {

    static CronLine of(String worker, Cron cron) {
        String name = cron.name().isEmpty() ? derived(worker, cron) : cron.name();
        return new CronLine(name, cron.value(), cron.timezone(), cron.args(), cron.meta(), cron.catchUp());
    }

    /** The same for the same entry on every node and after every start, and different when the entry is another one. */
    private static String derived(String worker, Cron cron) {
        String entry = String.join("\0", worker, cron.value(), cron.args(), cron.meta(), cron.timezone());
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(entry.getBytes(UTF_8));
            return HexFormat.of().formatHex(digest, 0, 4);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
