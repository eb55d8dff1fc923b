package bench;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Something that takes jobs and runs them, and is measured. Each job calls {@link Sink#perform}. Inserts are thread-safe. */
interface Peer extends Switch {

    String name();

    String version();

    /** How it is set. */
    Map<String, String> configuration();

    /** Name of its table. */
    String table();

    /** The rows that are to be run now or run, as what follows FROM. */
    String unfinished();

    /** What becomes of the row of a completed job. */
    String keeps();

    /** Inserts one job; returns when it is committed. */
    void insert(long id) throws Exception;

    /** Inserts jobs with ids from the given one on, in its own way for many. */
    void fill(long from, int count) throws Exception;

    /**
     * SQL that copies the one row of the table.
     *
     * @param state completed or scheduled
     * @param from first of the numbers, each of which makes one copy
     * @param to last of them
     * @return null when such rows are not kept
     */
    @Nullable String copies(String state, int from, int to);
}
