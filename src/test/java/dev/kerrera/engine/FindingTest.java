package dev.kerrera.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.job.Job;
import dev.kerrera.job.JobCursor;
import dev.kerrera.job.JobFilter;
import dev.kerrera.job.JobPage;
import dev.kerrera.job.JobQuery;
import dev.kerrera.job.JobState;
import dev.kerrera.job.JobTime;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TestSchema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(PooledSchema.class)
class FindingTest {

    private static final JobFilter ALL = JobFilter.all();
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final RawJobs jobs;
    private final Finding finding;

    FindingTest(TestSchema schema) {
        this.jobs = new RawJobs(schema);
        this.finding = new Finding(new Jdbc(schema.dataSource(), Transactions.none()), new Prefix(schema.name()));
    }

    @Test
    void a_job_is_found_by_its_id() {
        long id = FullRows.add(jobs, JobState.DISCARDED);

        Job job = finding.find(id).orElseThrow();

        assertThat(job.id()).isEqualTo(id);
        assertThat(job.state()).isEqualTo(JobState.DISCARDED);
        assertThat(job.cancelledAt()).isEqualTo("2020-01-06T00:00:00Z");
        assertThat(finding.find(404)).isEmpty();
    }

    @Nested
    class Filters {

        @Test
        void every_job_meets_no_condition() {
            long one = add();
            long two = add();

            assertFinds(ALL, two, one);
        }

        @Test
        void ids() {
            long one = add();
            add();
            long three = add();

            assertFinds(ALL.ids(one, three, 404), three, one);
            assertFinds(ALL.ids(List.of(one)), one);
            assertFinds(ALL.ids(404));
        }

        @ParameterizedTest
        @EnumSource(JobState.class)
        void states(JobState state) {
            for (JobState each : JobState.values()) {
                add("state", each.label());
            }

            assertThat(find(ALL.states(state))).extracting(Job::state).containsExactly(state);
            assertThat(find(ALL.states(JobState.incomplete()))).hasSize(5);
        }

        @Test
        void queues() {
            long mail = add("queue", "mail");
            long post = add("queue", "post");
            add("queue", "Mail");

            assertFinds(ALL.queues("mail"), mail);
            assertFinds(ALL.queues("mail", "post"), post, mail);
        }

        @Test
        void workers_of_either_spelling() {
            long job = add("worker", "My.Worker");
            add("worker", "Other");

            assertFinds(ALL.workers("My.Worker"), job);
            assertFinds(ALL.workers("Elixir.My.Worker"), job);
        }

        @Test
        void numbers() {
            long job = jobs.add("(worker, priority, attempt, max_attempts) VALUES ('A', 3, 4, 5)");
            add();

            assertFinds(ALL.priorities(3), job);
            assertFinds(ALL.priorities(9, 3), job);
            assertFinds(ALL.attempts(4), job);
            assertFinds(ALL.maxAttempts(5), job);
            assertFinds(ALL.priorities(9));
        }

        @Test
        void tags_as_a_whole() {
            long both = add("tags", "{a,b}");
            long none = add("tags", "{}");
            long missing = jobs.add("(worker, tags) VALUES ('A', NULL)");

            assertFinds(ALL.tags(List.of("a", "b")), both);
            assertFinds(ALL.tags(List.of("b", "a")));
            assertFinds(ALL.tags(List.of("a")));
            assertFinds(ALL.tags(List.of()), missing, none);
        }

        @Test
        void tags_among_others() {
            long both = add("tags", "{a,b}");
            long one = add("tags", "{a}");
            jobs.add("(worker, tags) VALUES ('A', NULL)");

            assertFinds(ALL.tagged("a"), one, both);
            assertFinds(ALL.tagged("b", "a"), both);
            assertFinds(ALL.tagged("c"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"args", "meta"})
        void json_by_containment(String column) {
            long job = add(column, "{\"a\": 1, \"b\": {\"c\": [1, 2, \"x\"], \"d\": null}}");
            add(column, "{\"a\": \"1\"}");
            add(column, "[1]");
            jobs.change(add(), "meta = NULL");

            assertFinds(containing(column, Map.of("a", 1)), job);
            assertFinds(containing(column, Map.of("b", Map.of("c", List.of("x", 1)))), job);
            assertFinds(containing(column, Map.of("b", Map.of())), job);
            assertFinds(containing(column, Map.of("a", 2)));
            assertFinds(containing(column, Map.of("c", List.of(1))));
        }

        private JobFilter containing(String column, Map<String, ?> part) {
            return column.equals("args") ? ALL.argsContain(part) : ALL.metaContain(part);
        }

        @Test
        void who_attempted_it() {
            UUID producer = new UUID(1, 2);
            long job = add("attempted_by", "{here," + producer + "}");
            add("attempted_by", "{there," + new UUID(3, 4) + "}");
            add();

            assertFinds(ALL.nodes("here"), job);
            assertFinds(ALL.nodes("here", "elsewhere"), job);
            assertFinds(ALL.producers(producer), job);
            assertFinds(ALL.producers(new UUID(9, 9)));
        }

        @Test
        void texts_of_errors() {
            long job = jobs.add("(worker, errors) VALUES ('A', ARRAY['{\"error\": \"** (E) first\"}'::jsonb,"
                    + " '{\"error\": \"** (E) 100%_sure\"}'::jsonb])");
            jobs.add(
                    "(worker, errors) VALUES ('A', ARRAY['{\"error\": \"** (E) 100x sure\", \"at\": \"first\"}'::jsonb,"
                            + " '\"first\"'::jsonb, NULL])");

            assertFinds(ALL.errorsContain("first"), job);
            assertFinds(ALL.errorsContain("100%_s"), job);
            assertFinds(ALL.errorsContain("First"));
        }

        @ParameterizedTest
        @EnumSource(JobTime.class)
        void moments(JobTime time) {
            long before = add(time.label(), "2026-01-01 11:59:59.999999");
            long at = add(time.label(), "2026-01-01 12:00:00");
            long after = add(time.label(), "2026-01-01 12:00:00.000001");
            JobFilter those = ALL.ids(before, at, after);
            add();

            assertFinds(those.from(time, NOON), after, at);
            assertFinds(those.until(time, NOON), before);
            assertFinds(those.at(time, NOON), at);
            assertFinds(those.at(time, NOON.plusNanos(1_999)), after);
            assertFinds(those.from(time, NOON).until(time, NOON.plusNanos(1_000)), at);
        }

        @Test
        void all_conditions_must_hold() {
            long job = jobs.add("(worker, queue, priority) VALUES ('A', 'mail', 1)");
            jobs.add("(worker, queue, priority) VALUES ('A', 'mail', 2)");
            jobs.add("(worker, queue, priority) VALUES ('A', 'post', 1)");

            assertFinds(
                    ALL.queues("mail").priorities(1).states(JobState.AVAILABLE).workers("A"), job);
            assertFinds(ALL.queues("mail").queues("post"));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "'; DROP TABLE oban_jobs; --",
                    "\" OR \"\"=\"",
                    "$$ ${schema} $1 ${filter} ${order}",
                    "back\\slash\\",
                    "?,{}[]\\N",
                    "100%_",
                    "NULL",
                    "{a,\"b\"}",
                    "\u00fc\ud83d\ude80\n\t"
                })
        void hostile_text_is_a_value_like_any_other(String text) {
            String quoted = "($q$" + text.replace("${schema}", "${$q$ || $q$schema}") + "$q$)";
            long job = jobs.add("""
                    (worker, queue, tags, args, meta, errors, attempted_by) VALUES (%1$s, %1$s, ARRAY[%1$s],
                     jsonb_build_object(%1$s, %1$s), jsonb_build_object(%1$s, %1$s),
                     ARRAY[jsonb_build_object('error', %1$s)], ARRAY[%1$s])""".formatted(quoted));
            add();

            assertFinds(ALL.workers(text), job);
            assertFinds(ALL.queues(text), job);
            assertFinds(ALL.tags(List.of(text)), job);
            assertFinds(ALL.tagged(text), job);
            assertFinds(ALL.argsContain(Map.of(text, text)), job);
            assertFinds(ALL.metaContain(Map.of(text, text)), job);
            assertFinds(ALL.errorsContain(text), job);
            assertFinds(ALL.nodes(text), job);
            assertFinds(ALL.workers(text + "x"));
            assertThat(jobs.count("true")).isEqualTo(2);
        }
    }

    @Nested
    class Pages {

        @Test
        void the_newest_come_first_and_the_last_page_has_no_next() {
            long one = add();
            long two = add();
            long three = add();

            JobPage first = finding.find(JobQuery.of(ALL).limit(2));
            assertThat(first.jobs()).extracting(Job::id).containsExactly(three, two);
            JobPage second =
                    finding.find(JobQuery.of(ALL).limit(2).after(first.next().orElseThrow()));
            assertThat(second.jobs()).extracting(Job::id).containsExactly(one);
            assertThat(second.next()).isEmpty();
        }

        @Test
        void a_page_that_is_just_full_is_the_last() {
            add();
            add();

            assertThat(finding.find(JobQuery.of(ALL).limit(2)).next()).isEmpty();
        }

        @Test
        void nothing_is_a_page_too() {
            assertThat(finding.find(JobQuery.of(ALL))).isEqualTo(new JobPage(List.of(), Optional.empty()));
        }

        @Test
        void a_page_has_fifty_jobs_when_nothing_is_said() {
            jobs.run("INSERT INTO ${schema}.oban_jobs (worker) SELECT 'A' FROM generate_series(1, 51)");

            JobPage page = finding.find(JobQuery.of(ALL));

            assertThat(page.jobs()).hasSize(50);
            assertThat(page.next()).isPresent();
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2, 3, 7})
        void pages_by_id_make_up_the_whole_in_both_directions(int limit) {
            List<Long> ids = new ArrayList<>();
            for (int i = 0; i < 7; i++) {
                ids.add(add());
            }

            assertThat(walk(JobQuery.of(ALL).ascending().limit(limit))).isEqualTo(ids);
            assertThat(walk(JobQuery.of(ALL).limit(limit))).isEqualTo(reversed(ids));
        }

        @ParameterizedTest
        @EnumSource(JobTime.class)
        void pages_by_time_make_up_the_whole_also_where_many_have_the_same(JobTime time) {
            List<Long> ids = new ArrayList<>();
            for (String at : List.of("11:00", "12:00:00.000001", "12:00:00.000001", "12:00:00.000001", "13:00")) {
                ids.add(add(time.label(), "2026-01-01 " + at));
            }
            JobQuery query = JobQuery.of(ALL.ids(ids)).orderBy(time);

            for (int limit : List.of(1, 2, 4)) {
                assertThat(walk(query.ascending().limit(limit))).isEqualTo(ids);
                assertThat(walk(query.descending().limit(limit))).isEqualTo(reversed(ids));
            }
        }

        @Test
        void time_goes_before_id() {
            long late = add("scheduled_at", "2026-01-03");
            long early = add("scheduled_at", "2026-01-01");
            long middle = add("scheduled_at", "2026-01-02");

            assertThat(walk(JobQuery.of(ALL).orderBy(JobTime.SCHEDULED_AT).limit(1)))
                    .containsExactly(late, middle, early);
        }

        @Test
        void jobs_without_the_time_of_the_order_are_left_out() {
            long done = add("completed_at", "2026-01-01");
            add();

            assertThat(walk(JobQuery.of(ALL).orderBy(JobTime.COMPLETED_AT).limit(1)))
                    .containsExactly(done);
            assertThat(walk(JobQuery.of(ALL).orderBy(JobTime.COMPLETED_AT).ascending()))
                    .containsExactly(done);
        }

        @Test
        void times_beyond_all_time_are_places_like_others() {
            long never = add("scheduled_at", "infinity");
            long last = add("scheduled_at", "9999-12-31 23:59:59.999999");
            long first = add("scheduled_at", "0001-01-01");
            long ever = add("scheduled_at", "-infinity");

            assertThat(walk(JobQuery.of(ALL).orderBy(JobTime.SCHEDULED_AT).limit(1)))
                    .containsExactly(never, last, first, ever);
        }

        @Test
        void conditions_hold_on_every_page() {
            for (int i = 0; i < 6; i++) {
                add("queue", i % 2 == 0 ? "mail" : "post");
            }

            assertThat(walk(JobQuery.of(ALL.queues("mail")).limit(1))).hasSize(3);
        }

        @Test
        void a_cursor_survives_the_job_it_was_made_from() {
            long one = add();
            long two = add();
            add();
            JobCursor cursor = finding.find(JobQuery.of(ALL).limit(2)).next().orElseThrow();
            jobs.run("DELETE FROM ${schema}.oban_jobs WHERE id = " + two);

            assertThat(walk(JobQuery.of(ALL).after(JobCursor.parse(cursor.toString()))))
                    .containsExactly(one);
        }

        @Test
        void jobs_inserted_meanwhile_neither_repeat_nor_hide_older_ones() throws Exception {
            jobs.run("INSERT INTO ${schema}.oban_jobs (worker) SELECT 'A' FROM generate_series(1, 300)");
            List<Long> older = jobs.query("SELECT id FROM ${schema}.oban_jobs ORDER BY id DESC").stream()
                    .map(Long::valueOf)
                    .toList();
            ExecutorService thread = Executors.newSingleThreadExecutor();
            try {
                for (JobQuery query : List.of(
                        JobQuery.of(ALL).limit(7),
                        JobQuery.of(ALL).orderBy(JobTime.INSERTED_AT).limit(7))) {
                    Future<List<Long>> walked = thread.submit(() -> walk(query));
                    while (!walked.isDone()) {
                        jobs.run("INSERT INTO ${schema}.oban_jobs (worker) SELECT 'A' FROM generate_series(1, 3)");
                    }
                    List<Long> seen = walked.get(60, TimeUnit.SECONDS);

                    assertThat(seen).doesNotHaveDuplicates();
                    assertThat(seen).containsSubsequence(older);
                }
            } finally {
                thread.shutdownNow();
            }
        }

        private List<Long> walk(JobQuery query) {
            List<Long> ids = new ArrayList<>();
            JobPage page = finding.find(query);
            page.jobs().forEach(job -> ids.add(job.id()));
            while (page.next().isPresent()) {
                page = finding.find(query.after(page.next().get()));
                assertThat(page.jobs()).isNotEmpty().hasSizeLessThanOrEqualTo(query.limit());
                page.jobs().forEach(job -> ids.add(job.id()));
            }
            return ids;
        }
    }

    @Test
    void a_count_is_of_the_jobs_that_match() {
        add("queue", "mail");
        add("queue", "mail");
        add();

        assertThat(finding.count(ALL)).isEqualTo(3);
        assertThat(finding.count(ALL.queues("mail"))).isEqualTo(2);
        assertThat(finding.count(ALL.queues("none"))).isZero();
    }

    private void assertFinds(JobFilter filter, Long... ids) {
        assertThat(find(filter)).extracting(Job::id).containsExactly(ids);
        assertThat(finding.count(filter)).isEqualTo(ids.length);
    }

    private List<Job> find(JobFilter filter) {
        return finding.find(JobQuery.of(filter)).jobs();
    }

    private long add(String column, String value) {
        return column.equals("worker")
                ? jobs.add("(worker) VALUES ('" + value + "')")
                : jobs.add("(worker, " + column + ") VALUES ('A', '" + value + "')");
    }

    private long add() {
        return jobs.add("(worker) VALUES ('A')");
    }

    private static List<Long> reversed(List<Long> ids) {
        List<Long> reversed = new ArrayList<>(ids);
        Collections.reverse(reversed);
        return reversed;
    }
}
