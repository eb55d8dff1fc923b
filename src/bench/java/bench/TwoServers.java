package bench;

import dev.kerrera.JobService;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;

/** How fast two servers together get through a queue; this one gives the orders, and the table tells how it went. */
@Dependent
public class TwoServers {

    private static final String SECONDS = """
            SELECT extract(epoch FROM timezone('UTC', statement_timestamp()) - min(attempted_at)) FROM public.oban_jobs""";

    @Inject
    private JobService jobs;

    @Inject
    private Rig rig;

    @Inject
    private Sink sink;

    @Inject
    private Database database;

    Result run(long second) throws Exception {
        if (second == 0) {
            throw new IllegalArgumentException("W8 needs the parameter 'second', the process id of the second server");
        }
        int count = Sizes.of("W8_N", 100_000);
        rig.fresh();
        rig.fill(0, count);
        database.run("ANALYZE", "CHECKPOINT");
        Cost before = database.cost(second);
        jobs.startQueue(Noop.QUEUE, Sizes.limit());
        long end = rig.awaitTable(Rig.capFromNow());
        double seconds = database.fraction(SECONDS);
        Cost after = database.cost(second);
        jobs.stopQueue(Noop.QUEUE);
        rig.awaitStopped(Noop.QUEUE);
        long done = database.number("SELECT count(*) FROM public.oban_jobs WHERE state = 'completed'");
        return new Result("W8")
                .put("jobs_per_s", done / seconds)
                .put("jobs", done)
                .put("asked", (long) count)
                .put("capped", end == 0)
                .put("keeps", "row kept (completed)")
                .put("nodes", database.number("SELECT count(DISTINCT attempted_by[1]) FROM public.oban_jobs"))
                .put("first_node_pct", 100.0 * sink.performed() / Math.max(1, done))
                .put("violations", database.number("SELECT count(*) FROM public.oban_jobs WHERE attempt <> 1"))
                .cost(before, after, done);
    }
}
