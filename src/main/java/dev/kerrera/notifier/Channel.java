package dev.kerrera.notifier;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** How channels are named in PostgreSQL: {@code <prefix>.oban_<channel>}. */
public final class Channel {

    /** Announces available jobs. */
    public static final String INSERT = "insert";

    /** Tells queues what to do. */
    public static final String SIGNAL = "signal";

    /** Tells that a leader has resigned. */
    public static final String LEADER = "leader";

    /** Tells that a node is there. */
    public static final String SONAR = "sonar";

    /** What Oban Web is told of jobs that have run, and how many there are. */
    public static final String METRICS = "metrics";

    /** What Oban Web is told of crontabs. */
    public static final String CRONITOR = "cronitor";

    /** Free for applications; Oban Web is told of queues over it. */
    public static final String GOSSIP = "gossip";

    private static final int LONGEST = 63;
    private static final String MARK = ".oban_";

    private Channel() {}

    /**
     * The full name in PostgreSQL.
     *
     * @throws IllegalArgumentException when the channel has no name or PostgreSQL would not take it
     */
    static String full(String prefix, String channel) {
        String full = prefix + MARK + channel;
        if (channel.isBlank() || channel.indexOf('\0') >= 0 || full.getBytes(StandardCharsets.UTF_8).length > LONGEST) {
            throw new IllegalArgumentException(
                    "channel '%s' is '%s' in PostgreSQL: it must not be blank, contain NUL, nor be longer than 63 bytes; choose another name"
                            .formatted(channel, full));
        }
        return full;
    }

    /** The name without prefix of a channel heard from the server; empty when it is not one of this prefix. */
    static Optional<String> bare(String prefix, String full) {
        String start = prefix + MARK;
        return full.startsWith(start) ? Optional.of(full.substring(start.length())) : Optional.empty();
    }
}
