package dev.kerrera.engine;

import dev.kerrera.db.Jdbc;
import java.util.function.Supplier;

/**
 * Runs statements whose plan must not depend on what the planner knows.
 *
 * <p>When a million jobs came into a table that was empty as it was last analyzed, the planner takes it for empty still: every way
 * costs the same, and it may take one that reads everything. So those ways are closed, for the transaction. As all that is left may
 * look expensive, nothing is compiled either.
 */
record ByIndex(Jdbc jdbc) {

    static final String CLOSE = """
            SELECT set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true),
                   set_config('enable_sort', 'off', true), set_config('jit', 'off', true)""";

    <T> T run(Supplier<T> statement) {
        return jdbc.together(() -> {
            jdbc.query(CLOSE, p -> {}, row -> true);
            return statement.get();
        });
    }
}
