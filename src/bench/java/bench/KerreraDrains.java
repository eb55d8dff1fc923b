package bench;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Drains that only Kerrera has. */
@Dependent
public class KerreraDrains {

    private static final int MANY = 64;

    private static final String VIOLATIONS = """
            SELECT count(*) FROM (
                SELECT (args->>'id')::bigint AS id, count(*) AS times FROM public.oban_jobs
                WHERE state = 'completed' GROUP BY 1) job
            FULL JOIN (SELECT id, count(*) AS times FROM bench_entries GROUP BY 1) entry USING (id)
            WHERE coalesce(job.times, 0) <> 1 OR coalesce(entry.times, 0) <> 1""";

    private static final String SECONDS =
            "SELECT extract(epoch FROM timezone('UTC', statement_timestamp()) - min(attempted_at)) FROM public.oban_jobs";

    @Inject
    private KerreraPeer kerrera;

    @Inject
    private Rig rig;

    @Inject
    private Database database;

    /** The jobs are spread over many queues. */
    Result manyQueues() throws Exception {
        int count = Sizes.of("W10_N", 100_000);
        int limit = Sizes.of("W10_LIMIT", 10);
        List<String> queues =
                IntStream.range(0, MANY).mapToObj("bench%02d"::formatted).toList();
        rig.fresh();
        kerrera.fill(0, count, id -> KerreraPeer.job(Noop.class, id).queue(queues.get((int) (id % MANY))));
        return new Drains(rig)
                .drain("W10", count, kerrera.queues(queues, limit))
                .put("queues", (long) MANY)
                .put("limit_each", (long) limit);
    }

    /** Each job writes a row, and is completed in the transaction that does. */
    Result exactlyOnce() throws Exception {
        int count = Sizes.of("W7_N", 20_000);
        int limit = Sizes.of("W7_LIMIT", 16);
        rig.fresh();
        database.run(Entries.TABLE, "TRUNCATE bench_entries");
        kerrera.fill(0, count, id -> KerreraPeer.job(Entry.class, id));
        return new Drains(rig)
                .drain("W7", count, kerrera.queues(List.of(Entry.QUEUE), limit))
                .put("limit", (long) limit)
                .put("violations", missing(count) + database.number(VIOLATIONS));
    }

    private long missing(int count) throws SQLException {
        return count - database.number("SELECT count(*) FROM public.oban_jobs WHERE state = 'completed'");
    }

    /**
     * Several servers get through one queue; this one gives the orders, and the table tells how it went.
     *
     * @param others process ids of the other ones
     */
    Result together(String workload, long... others) throws Exception {
        if (others.length == 0) {
            throw new IllegalArgumentException(
                    workload + " needs the parameter 'other' once for each further server, with its process id");
        }
        int count = Sizes.of("W8_N", 100_000);
        rig.fresh();
        kerrera.fill(0, count);
        database.run("ANALYZE", "CHECKPOINT");
        Cost before = database.cost(others);
        kerrera.everywhere().start();
        long end = rig.awaitTable(System.nanoTime() + TimeUnit.SECONDS.toNanos(Rig.cap()));
        double seconds = database.fraction(SECONDS);
        Cost after = database.cost(others);
        kerrera.everywhere().stop();
        long done = count - missing(count);
        return rig.result(workload)
                .put("jobs_per_s", done / seconds)
                .put("jobs", done)
                .put("asked", (long) count)
                .put("capped", end == 0)
                .put("keeps", kerrera.keeps())
                .put("servers", others.length + 1L)
                .put("nodes", database.number("SELECT count(DISTINCT attempted_by[1]) FROM public.oban_jobs"))
                .put("first_node_pct", 100.0 * rig.sink().performed() / Math.max(1, done))
                .put("violations", database.number("SELECT count(*) FROM public.oban_jobs WHERE attempt <> 1"))
                .cost(before, after, done);
    }
}
