package dev.kerrera.met;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.config.MetSettings.Mode;
import dev.kerrera.engine.Counting.Count;
import dev.kerrera.job.Job;
import dev.kerrera.job.JobState;
import dev.kerrera.met.Reporter.Identity;
import dev.kerrera.met.Reporter.Outlets;
import dev.kerrera.met.Reporter.Sources;
import dev.kerrera.queue.QueueStatus;
import dev.kerrera.telemetry.JobFailed;
import dev.kerrera.telemetry.JobReleased;
import dev.kerrera.telemetry.JobStarted;
import dev.kerrera.telemetry.JobStopped;
import dev.kerrera.testsupport.SampleJob;
import dev.kerrera.testsupport.SettableClock;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What is reported, byte for byte as Oban.Met sends it, and when. */
class GoldenReportsTest {

    private static final Instant NOW = Instant.parse("2026-11-21T18:53:33.789582Z");
    private static final long UNIX = 1_795_287_213;
    private static final UUID PRODUCER = UUID.fromString("52c24c45-0e2a-4d4c-a4f1-5a6a57c3f6c1");

    private final SettableClock clock = new SettableClock(NOW.toString());
    private final AtomicLong nanos = new AtomicLong();
    private final List<String> gossip = new ArrayList<>();
    private final List<String> metrics = new ArrayList<>();
    private final List<String> cronitor = new ArrayList<>();
    private final List<QueueStatus> queues = new ArrayList<>();
    private final List<JsonArray> crontab = new ArrayList<>();
    private final List<Count> counted = new ArrayList<>();
    private final AtomicBoolean leads = new AtomicBoolean();
    private final Recorder recorder = new Recorder();
    private final Audience audience = new Audience(Mode.AUTO, nanos::get);

    private final Reporter reporter = new Reporter(
            new Identity("Oban", "java-1"),
            audience,
            new Sources(
                    () -> queues,
                    recorder,
                    new FullCounts(() -> counted, Runnable::run, nanos::get),
                    leads::get,
                    () -> crontab),
            new Outlets(outlet(gossip), outlet(metrics), outlet(cronitor)),
            clock,
            () -> 0);

    @Nested
    class Gossip {

        @Test
        void a_check_is_the_one_of_an_elixir_node() {
            queues.add(new QueueStatus(
                    "Oban",
                    "alpha",
                    "probe@host",
                    PRODUCER,
                    5,
                    false,
                    List.of(43L),
                    List.of(),
                    Duration.ofMinutes(1),
                    NOW,
                    NOW.plusNanos(15_000),
                    null));
            begin();

            assertThat(gossip)
                    .containsExactly(json(
                            "{'checks':[{'limit':5,'name':'Oban','node':'probe@host','paused':false,'queue':'alpha',"
                                    + "'refresh_interval':60000,'running':[43],'shutdown_started_at':null,"
                                    + "'started_at':'2026-11-21T18:53:33.789582Z','updated_at':'2026-11-21T18:53:33.789597Z',"
                                    + "'uuid':'52c24c45-0e2a-4d4c-a4f1-5a6a57c3f6c1'}]}"));
        }

        @Test
        void times_have_six_digits_and_a_zone_and_a_stop_is_told() {
            queues.add(queue("mail", true, List.of(), Instant.parse("2026-01-01T00:00:00Z")));
            begin();

            assertThat(gossip.get(0))
                    .contains(json("'paused':true,"), json("'shutdown_started_at':'2026-01-01T00:00:00.000000Z',"));
        }

        @Test
        void queues_go_together_and_a_node_without_queues_says_nothing() {
            begin();
            assertThat(gossip).isEmpty();

            queues.add(queue("mail", false, List.of(), null));
            queues.add(queue("push", false, List.of(), null));
            reporter.turn();

            assertThat(gossip).hasSize(1).first().asString().contains("mail", "push");
        }

        @Test
        void of_a_great_many_running_jobs_some_are_named() {
            queues.add(queue("mail", false, LongStream.range(0, 10_000).boxed().toList(), null));
            begin();

            assertThat(gossip.get(0)).contains(",499]").hasSizeLessThan(8_000);
        }
    }

    @Nested
    class Metrics {

        @Test
        void they_are_sent_each_second_also_when_there_are_none() {
            begin();
            next();

            assertThat(metrics)
                    .containsExactly(
                            json("{'ident':'any','metrics':[],'name':'Oban','node':'java-1','time':" + UNIX + "}"),
                            json("{'ident':'any','metrics':[],'name':'Oban','node':'java-1','time':" + (UNIX + 1)
                                    + "}"));
        }

        @Test
        void nothing_is_sent_twice_for_one_second_because_it_would_be_added_up() {
            begin();
            recorder.accept(new JobStopped(job("mail", "W"), JobState.COMPLETED, Duration.ZERO, Duration.ZERO));
            clock.advance(Duration.ofMillis(150));
            reporter.turn();
            assertThat(metrics).hasSize(1);

            next();
            assertThat(metrics).hasSize(2);
            assertThat(metrics.get(1)).as("and nothing is lost").contains("exec_count");
        }

        @Test
        void runs_are_counted_and_their_times_sketched() {
            begin();
            recorder.accept(new JobStopped(
                    job("mail", "MailWorker"), JobState.COMPLETED, Duration.ofMillis(1), Duration.ofNanos(1)));
            recorder.accept(new JobStopped(
                    job("mail", "MailWorker"), JobState.COMPLETED, Duration.ofNanos(2), Duration.ofNanos(1)));
            next();

            assertThat(metrics.get(1))
                    .isEqualTo(json("{'ident':'any','metrics':["
                            + "{'series':'exec_count','state':'completed','queue':'mail','worker':'MailWorker','value':{'data':[2]}},"
                            + "{'series':'exec_time','state':'completed','queue':'mail','worker':'MailWorker',"
                            + "'value':{'data':{'18':1,'346':1},'size':2}},"
                            + "{'series':'wait_time','state':'completed','queue':'mail','worker':'MailWorker',"
                            + "'value':{'data':{'0':2},'size':2}}"
                            + "],'name':'Oban','node':'java-1','time':" + (UNIX + 1) + "}"));
            next();
            assertThat(metrics.get(2)).as("they are sent once").contains(json("'metrics':[]"));
        }

        @Test
        void the_state_is_the_one_the_job_has_now() {
            begin();
            for (JobState state :
                    List.of(JobState.COMPLETED, JobState.CANCELLED, JobState.DISCARDED, JobState.SCHEDULED)) {
                recorder.accept(new JobStopped(job("mail", "W"), state, Duration.ZERO, Duration.ZERO));
            }
            recorder.accept(new JobFailed(job("mail", "W"), JobState.RETRYABLE, "e", Duration.ZERO, Duration.ZERO));
            recorder.accept(new JobFailed(job("mail", "W"), JobState.DISCARDED, "e", Duration.ZERO, Duration.ZERO));
            recorder.accept(new JobStarted(job("mail", "W")));
            recorder.accept(new JobReleased(job("mail", "W")));

            assertThat(recorder.take().stream()
                            .filter(metric -> metric.getString("series").equals("exec_count"))
                            .map(metric -> metric.getString("state")
                                    + metric.getJsonObject("value").getJsonArray("data")))
                    .containsExactly("completed[1]", "cancelled[1]", "discarded[2]", "scheduled[1]", "retryable[1]");
        }

        @Test
        void a_sketch_tells_a_time_to_two_percent() {
            double gamma = 1.02 / 0.98;
            for (long value = 1; value < 1_000_000_000_000L; value = value * 3 / 2 + 1) {
                Sketch sketch = new Sketch();
                sketch.add(Duration.ofNanos(value));
                int bin = Integer.parseInt(sketch.toJson()
                        .getJsonObject("data")
                        .keySet()
                        .iterator()
                        .next());

                assertThat(2 * Math.pow(gamma, bin) / (gamma + 1)).isBetween(value * 0.98 - 1e-9, value * 1.02 + 1e-9);
            }
        }

        @Test
        void the_leader_sends_full_counts_each_second() {
            counted.add(new Count(JobState.AVAILABLE, "alpha", 3));
            counted.add(new Count(JobState.COMPLETED, "beta", 1_000_000));
            leads.set(true);
            begin();
            next();

            assertThat(metrics.get(1))
                    .isEqualTo(json("{'ident':'any','metrics':["
                            + "{'series':'full_count','state':'available','queue':'alpha','value':{'data':[3]}},"
                            + "{'series':'full_count','state':'completed','queue':'beta','value':{'data':[1000000]}}"
                            + "],'name':'Oban','node':'java-1','time':" + (UNIX + 1) + "}"));
            leads.set(false);
            next();
            assertThat(metrics.get(2)).doesNotContain("full_count");
        }
    }

    @Nested
    class Cronitor {

        @Test
        void the_crontab_is_sent_at_once_and_then_every_15_seconds() {
            crontab.add(entry("0 * * * *", "MyApp.W", JsonObject.EMPTY_JSON_OBJECT));
            crontab.add(entry(
                    "@daily",
                    "Report",
                    Json.createObjectBuilder().add("queue", "mail").build()));
            begin();
            for (int second = 0; second < 30; second++) {
                next();
            }

            assertThat(cronitor).hasSize(3);
            assertThat(cronitor.get(0))
                    .isEqualTo(json("{'crontab':[['0 * * * *','MyApp.W',{}],['@daily','Report',{'queue':'mail'}]],"
                            + "'name':'Oban','node':'java-1'}"));
        }

        private static JsonArray entry(String expression, String worker, JsonObject options) {
            return Json.createArrayBuilder()
                    .add(expression)
                    .add(worker)
                    .add(options)
                    .build();
        }

        @Test
        void an_empty_one_is_sent_too() {
            begin();

            assertThat(cronitor).containsExactly(json("{'crontab':[],'name':'Oban','node':'java-1'}"));
        }
    }

    @Nested
    class WithoutAnybodyToLook {

        @Test
        void nothing_is_sent_nor_kept() {
            queues.add(queue("mail", false, List.of(), null));
            leads.set(true);
            for (int second = 0; second < 100; second++) {
                recorder.accept(new JobStopped(job("mail", "W"), JobState.COMPLETED, Duration.ZERO, Duration.ZERO));
                next();
            }

            assertThat(gossip).isEmpty();
            assertThat(metrics).isEmpty();
            assertThat(cronitor).isEmpty();
            assertThat(recorder.take()).isEmpty();
        }

        @Test
        void it_ends_a_minute_after_the_last_message_of_another() {
            begin();
            for (int second = 0; second < 59; second++) {
                next();
            }
            assertThat(metrics).hasSize(60);
            next();
            assertThat(metrics).hasSize(60);

            begin();
            assertThat(metrics).hasSize(61);
        }
    }

    /** An Elixir node is heard, and it is time. */
    private void begin() {
        audience.heard(Json.createObjectBuilder()
                .add("metrics", Json.createArrayBuilder())
                .add("name", "Oban")
                .add("node", "web.1")
                .add("time", 1)
                .build());
        reporter.turn();
    }

    private void next() {
        clock.advance(Duration.ofSeconds(1));
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        reporter.turn();
    }

    private static Outlet outlet(List<String> sent) {
        return new Outlet(message -> sent.add(message.toString()));
    }

    private static QueueStatus queue(
            String queue, boolean paused, List<Long> running, @Nullable Instant shutdownStartedAt) {
        return new QueueStatus(
                "Oban",
                queue,
                "java-1",
                PRODUCER,
                5,
                paused,
                running,
                List.of(),
                Duration.ofSeconds(1),
                NOW,
                NOW,
                shutdownStartedAt);
    }

    private static Job job(String queue, String worker) {
        return SampleJob.at(NOW).of(queue, worker).job();
    }

    private static String json(String json) {
        return json.replace('\'', '"');
    }
}
