package bench;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.serializer.JacksonSerializer;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** db-scheduler with lock-and-fetch, immediate execution and batches of inserts. */
final class DbSchedulerRival implements Peer {

    private static final int THREADS = Sizes.of("DBS_THREADS", 8);
    private static final int POOL = Sizes.of("DBS_POOL", 8);
    private static final int BATCH = 1_000;
    private static final double LOW = 10;
    private static final double HIGH = 50;
    private static final Clock CLOCK = Clock.systemUTC();

    private static final String TABLE = """
            CREATE TABLE scheduled_tasks (
                task_name text NOT NULL,
                task_instance text NOT NULL,
                task_data bytea,
                execution_time timestamptz NOT NULL,
                picked boolean NOT NULL,
                picked_by text,
                last_success timestamptz,
                last_failure timestamptz,
                consecutive_failures int,
                last_heartbeat timestamptz,
                version bigint NOT NULL,
                priority smallint,
                PRIMARY KEY (task_name, task_instance))""";

    private final HikariDataSource dataSource = Rivals.pool(POOL);
    private final OneTimeTask<Argument> task;
    private Scheduler scheduler;

    /** A payload as Jackson wants it. */
    public static final class Argument {
        public long id;
    }

    DbSchedulerRival(Sink sink) throws Exception {
        Rivals.run(
                dataSource,
                TABLE,
                "CREATE INDEX execution_time_idx ON scheduled_tasks (execution_time)",
                "CREATE INDEX last_heartbeat_idx ON scheduled_tasks (last_heartbeat)",
                "CREATE INDEX priority_execution_time_idx ON scheduled_tasks (priority DESC, execution_time ASC)");
        task = Tasks.oneTime("noop", Argument.class)
                .execute((instance, context) -> sink.perform(instance.getData().id));
        scheduler = build();
    }

    private Scheduler build() {
        return Scheduler.create(dataSource, task)
                .threads(THREADS)
                .pollUsingLockAndFetch(LOW, HIGH)
                .pollingInterval(Duration.ofMillis(100))
                .enableImmediateExecution()
                .serializer(new JacksonSerializer())
                .build();
    }

    private TaskInstance<Argument> instance(long id) {
        Argument argument = new Argument();
        argument.id = id;
        return task.instance(Long.toString(id), argument);
    }

    @Override
    public String name() {
        return "db-scheduler";
    }

    @Override
    public String version() {
        return Sizes.text("DBS_VERSION", "16.12.0");
    }

    @Override
    public Map<String, String> configuration() {
        return Map.of("threads", "" + THREADS, "pool", "" + POOL, "polling", "lock-and-fetch, immediate execution");
    }

    @Override
    public String table() {
        return "scheduled_tasks";
    }

    @Override
    public String unfinished() {
        return "scheduled_tasks WHERE execution_time < now() + interval '1 hour'";
    }

    @Override
    public String keeps() {
        return "row deleted";
    }

    @Override
    public void insert(long id) {
        scheduler.scheduleIfNotExists(instance(id), CLOCK.instant());
    }

    @Override
    public void fill(long from, int count) {
        for (long next = from; next < from + count; next += BATCH) {
            List<TaskInstance<?>> batch = LongStream.range(next, Math.min(next + BATCH, from + count))
                    .<TaskInstance<?>>mapToObj(this::instance)
                    .toList();
            scheduler.scheduleBatch(batch, CLOCK.instant());
        }
    }

    @Override
    public String copies(String state, int from, int to) {
        return state.equals("completed") ? null : """
                INSERT INTO scheduled_tasks (task_name, task_instance, task_data, execution_time, picked, version, priority)
                SELECT task_name, 'copy' || i, task_data, now() + interval '2 days' + i * interval '10 ms', false, 1, priority
                FROM (SELECT * FROM scheduled_tasks WHERE task_instance = '-1') job, generate_series(%d, %d) AS i""".formatted(from, to);
    }

    @Override
    public void start() {
        scheduler.start();
    }

    @Override
    public void stop() {
        scheduler.stop();
        scheduler = build();
    }
}
