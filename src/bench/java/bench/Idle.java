package bench;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.util.List;
import java.util.stream.IntStream;

/** What a node costs that has nothing to do. */
@Dependent
public class Idle {

    /** Outside transactions each statement is one of its own, so their number is nearly that of the statements. */
    private static final String TRANSACTIONS =
            "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()";

    private static final String STATEMENTS = """
            SELECT coalesce(sum(calls), 0)::bigint FROM pg_stat_statements
            WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())""";

    private static final String HAS_STATEMENTS = """
            SELECT 1 FROM pg_extension WHERE extname = 'pg_stat_statements'
            AND current_setting('shared_preload_libraries') LIKE '%pg_stat_statements%'""";

    private static final String CONNECTIONS =
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name <> 'bench-rig'";

    private static final int QUEUES = 10;

    @Inject
    private KerreraPeer kerrera;

    @Inject
    private Rig rig;

    @Inject
    private Database database;

    Result run() throws Exception {
        int seconds = Sizes.of("W11_S", 60);
        List<String> names =
                IntStream.range(0, QUEUES).mapToObj("idle%d"::formatted).toList();
        Switch queues = kerrera.queues(names, 10);
        rig.fresh();
        queues.start();
        Thread.sleep(Sizes.of("W11_SETTLE_S", 60) * 1000L); // ten of them until connections have reported what they did
        boolean exact = database.finds(HAS_STATEMENTS);
        String counter = exact ? STATEMENTS : TRANSACTIONS;
        long first = database.number(counter);
        Cost before = database.cost();
        Thread.sleep(seconds * 1000L);
        Cost after = database.cost();
        long count = database.number(counter) - first;
        long connections = database.number(CONNECTIONS);
        queues.stop();
        return result(before, after)
                .put("queues", (long) QUEUES)
                .put("statements_per_s", count / after.secondsSince(before))
                .put("statements_from", exact ? "pg_stat_statements" : "pg_stat_database")
                .put("connections", connections)
                .surroundings(before, after);
    }

    private Result result(Cost before, Cost after) {
        double seconds = after.secondsSince(before);
        return rig.result("W11")
                .put("seconds", seconds)
                .put("client_cpu_pct", (after.client() - before.client()) / seconds * 100)
                .put("pg_cpu_pct", (after.postgres() - before.postgres()) / seconds * 100)
                .put("wal_bytes_per_s", (after.wal() - before.wal()) / seconds);
    }
}
