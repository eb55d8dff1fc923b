package bench;

import java.time.Duration;
import java.util.Map;
import java.util.stream.LongStream;
import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.jobs.mappers.JobMapper;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.server.BackgroundJobServer;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.server.JobActivator;
import org.jobrunr.storage.sql.postgres.PostgresStorageProvider;
import org.jobrunr.utils.mapper.jackson.JacksonJsonMapper;

/** JobRunr with job requests, many workers and the shortest interval it polls at. */
final class JobRunrRival implements Peer {

    private static final int WORKERS = Sizes.of("JR_WORKERS", 64);
    private static final int POOL = Sizes.of("JR_POOL", 16);
    private static final Duration POLL = Duration.ofSeconds(5);

    private final Handler handler;
    private final JacksonJsonMapper json = new JacksonJsonMapper();
    private final PostgresStorageProvider storage;
    private final JobRequestScheduler scheduler;
    private BackgroundJobServer server;

    /** The job. */
    public record Request(long id) implements JobRequest {
        @Override
        public Class<Handler> getJobRequestHandler() {
            return Handler.class;
        }
    }

    /** Runs it. */
    public static final class Handler implements JobRequestHandler<Request> {
        private final Sink sink;

        Handler(Sink sink) {
            this.sink = sink;
        }

        @Override
        public void run(Request request) {
            sink.perform(request.id());
        }
    }

    JobRunrRival(Sink sink) {
        handler = new Handler(sink);
        storage = new PostgresStorageProvider(Rivals.pool(POOL));
        storage.setJobMapper(new JobMapper(json));
        scheduler = new JobRequestScheduler(storage);
    }

    @Override
    public String name() {
        return "jobrunr";
    }

    @Override
    public String version() {
        return Sizes.text("JR_VERSION", "8.7.0");
    }

    @Override
    public Map<String, String> configuration() {
        return Map.of("workers", "" + WORKERS, "pool", "" + POOL, "polling", POLL.toString());
    }

    @Override
    public String table() {
        return "jobrunr_jobs";
    }

    @Override
    public String unfinished() {
        return "jobrunr_jobs WHERE state IN ('ENQUEUED', 'PROCESSING')";
    }

    @Override
    public String keeps() {
        return "row kept (SUCCEEDED, 36 h)";
    }

    @Override
    public void insert(long id) {
        scheduler.enqueue(new Request(id));
    }

    @Override
    public void fill(long from, int count) {
        scheduler.enqueue(LongStream.range(from, from + count).mapToObj(Request::new));
    }

    @Override
    public String copies(String state, int from, int to) {
        boolean completed = state.equals("completed");
        return """
                INSERT INTO jobrunr_jobs
                    (id, version, jobasjson, jobsignature, state, createdat, updatedat, scheduledat, recurringjobid)
                SELECT gen_random_uuid(), version, jobasjson, jobsignature, %s, createdat, updatedat, %s, recurringjobid
                FROM (SELECT * FROM jobrunr_jobs ORDER BY createdat LIMIT 1) job, generate_series(%d, %d) AS i""".formatted(
                        completed ? "state" : "'SCHEDULED'",
                        completed ? "scheduledat" : "now()::timestamp + interval '2 days' + i * interval '10 ms'",
                        from,
                        to);
    }

    @Override
    public void start() {
        JobActivator activator = new JobActivator() {
            @Override
            public <T> T activateJob(Class<T> type) {
                return type.isInstance(handler) ? type.cast(handler) : null;
            }
        };
        server = new BackgroundJobServer(
                storage,
                json,
                activator,
                BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
                        .andWorkerCount(WORKERS)
                        .andPollInterval(POLL)
                        .andInterruptJobsAwaitDurationOnStopBackgroundJobServer(Duration.ofSeconds(5)));
        server.start();
    }

    @Override
    public void stop() {
        server.stop();
    }
}
