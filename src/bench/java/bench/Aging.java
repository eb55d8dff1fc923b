package bench;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The same steady load for long, in a table whose ended jobs are deleted: whether it stays as fast as it began. */
final class Aging {

    private static final int CALLERS = 2;
    private static final int BATCH = 100;
    private static final int CAP = 4_000;
    private static final int SECONDS = 60;

    private static final String RESET = """
            ALTER TABLE public.oban_jobs RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold,
                autovacuum_vacuum_insert_scale_factor, autovacuum_vacuum_cost_delay,
                autovacuum_analyze_scale_factor, autovacuum_analyze_threshold);
            ALTER INDEX public.oban_jobs_args_index RESET (gin_pending_list_limit);
            ALTER INDEX public.oban_jobs_meta_index RESET (gin_pending_list_limit)""";

    private static final String STATISTICS =
            "SELECT %s FROM pg_stat_user_tables WHERE relid = 'public.oban_jobs'::regclass";

    private final Rig rig;
    private final AtomicInteger ids = new AtomicInteger();
    private final AtomicLong inserted = new AtomicLong();

    Aging(Rig rig) {
        this.rig = rig;
    }

    /** One line for each minute, and one that compares the last with the first after the table has filled. */
    List<Result> run() throws Exception {
        boolean settings = !Sizes.text("TABLE_SETTINGS", "yes").equals("no");
        if (!settings) {
            rig.database().run(RESET);
        }
        rig.fresh();
        rig.peer().start();
        Callers running = Callers.start(rig.threads(), CALLERS, (caller, time) -> insert());
        Thread.sleep(2000);
        List<Result> lines = new ArrayList<>();
        int filling = Sizes.of("W14_FILL_MIN", 2);
        for (int minute = -filling; minute < 0; minute++) {
            minute(minute, lines);
        }
        List<Double> rates = new ArrayList<>();
        for (int minute = 1; minute <= Sizes.of("W14_MIN", 10); minute++) {
            rates.add(minute(minute, lines));
        }
        running.stop();
        rig.awaitDone(inserted.get(), 30);
        rig.peer().stop();
        double last = rates.get(rates.size() - 1);
        lines.add(rig.result("W14")
                .put("table_settings", settings)
                .put("first_minute", rates.get(0))
                .put("last_minute", last)
                .put("last_to_first", last / rates.get(0)));
        return lines;
    }

    /**
     * One minute of it, told by a line.
     *
     * @param number which it is; negative while the table is filling
     * @return jobs a second
     */
    private double minute(int number, List<Result> lines) throws Exception {
        Cost before = rig.database().cost();
        long first = rig.sink().performed();
        long vacuums = statistic("autovacuum_count");
        Thread.sleep(SECONDS * 1000L);
        long done = rig.sink().performed() - first;
        Cost after = rig.database().cost();
        double rate = done / after.secondsSince(before);
        lines.add(sizes(rig.result("W14").put("minute", (long) number).put("jobs_per_s", rate))
                .put("autovacuums", statistic("autovacuum_count") - vacuums)
                .cost(before, after, done));
        return rate;
    }

    private void insert() throws Exception {
        if (inserted.get() - rig.sink().performed() > CAP) {
            Thread.sleep(1);
            return;
        }
        rig.peer().fill(ids.getAndAdd(BATCH), BATCH);
        inserted.addAndGet(BATCH);
    }

    private Result sizes(Result line) throws SQLException {
        return line.put("live_rows", statistic("n_live_tup"))
                .put("dead_rows", statistic("n_dead_tup"))
                .put("table_mb", rig.database().number("SELECT pg_table_size('public.oban_jobs') >> 20"))
                .put("indexes_mb", rig.database().number("SELECT pg_indexes_size('public.oban_jobs') >> 20"));
    }

    private long statistic(String column) throws SQLException {
        return rig.database().number(STATISTICS.formatted(column));
    }
}
