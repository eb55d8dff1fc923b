package dev.kerrera.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.config.Prefix;
import dev.kerrera.config.ResultSettings;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.job.Job;
import dev.kerrera.testsupport.NeedsSession;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TappedDataSource;
import dev.kerrera.testsupport.TestSchema;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The statements of the hot path keep to the indexes once the server plans them for all parameters at once. */
@NeedsSession("the planner is set for the session")
@ExtendWith(PooledSchema.class)
class FetchPlanTest {

    private static final Owner OWNER = new Owner("here", new UUID(1, 2));

    private final TestSchema schema;
    private final TappedDataSource tapped;
    private final RawJobs jobs;
    private final Fetching fetching;
    private final Completing completing;
    private final Acknowledgement acknowledgement;

    FetchPlanTest(TestSchema schema) {
        this.schema = schema;
        this.tapped = new TappedDataSource(schema.dataSource());
        this.jobs = new RawJobs(schema);
        Jdbc jdbc = new Jdbc(tapped.dataSource(), Transactions.none());
        Prefix prefix = new Prefix(schema.name());
        this.fetching = new Fetching(jdbc, prefix, Clock.systemUTC());
        ResultSettings kept = new ResultSettings(false, true);
        this.completing = new Completing(jdbc, prefix, Clock.systemUTC(), kept);
        this.acknowledgement = new Acknowledgement(jdbc, prefix, Clock.systemUTC(), kept);
        fetching.fetch("default", OWNER, Set.of("A"), 10);
        fetching.queuesWithWork(List.of("default"));
        fetching.reclaim("default", OWNER, List.of());
    }

    /** Or it is analyzed when nobody asked for it. */
    @BeforeEach
    void leave_the_table_alone() {
        jobs.run("ALTER TABLE ${schema}.oban_jobs SET (autovacuum_enabled = off)");
    }

    @AfterEach
    void look_after_the_table_again() {
        jobs.run("ALTER TABLE ${schema}.oban_jobs RESET (autovacuum_enabled)");
    }

    @Test
    void no_statement_reads_a_table_of_many_jobs() throws SQLException {
        add("completed", 100_000);
        jobs.run("ANALYZE ${schema}.oban_jobs");

        assertThat(plan(
                        "kerrera_next",
                        "text[], timestamp, text, text[], int",
                        "'{a,b}', '2026-01-01', 'default', '{A}', 10"))
                .contains("Index Scan using oban_jobs_pkey")
                .doesNotContain("Seq Scan");
        assertThat(plan("unnest", "text[]", "'{default}'")).doesNotContain("Seq Scan");
        assertThat(plan("NOT id = ANY", "text, text[], bigint[]", "'default', '{a,b}', '{}'"))
                .doesNotContain("Seq Scan");
    }

    @ParameterizedTest
    @ValueSource(strings = {"analyzed", "never analyzed", "analyzed while nothing was available"})
    void a_fetch_reads_no_more_than_it_takes(String table) throws SQLException {
        add("completed", 20_000);
        if (table.equals("analyzed while nothing was available")) {
            jobs.run("ANALYZE ${schema}.oban_jobs");
        }
        add("available", 20_000);
        if (table.equals("analyzed")) {
            jobs.run("ANALYZE ${schema}.oban_jobs");
        }

        assertThat(pagesOfNext()).as("pages read for 10 jobs").isLessThan(100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"full and analyzed while nothing ran", "empty and never analyzed", "of a few"})
    void a_completion_comes_by_the_key_and_reads_each_job_once(String table) throws SQLException {
        if (table.startsWith("full")) {
            add("completed", 100_000);
            jobs.run("ANALYZE ${schema}.oban_jobs");
        } else if (table.startsWith("of a few")) {
            add("completed", 500);
        }
        add("available", 1);
        Job job = fetching.fetch("default", OWNER, Set.of("A"), 1).get(0);
        completing.completeAll(List.of(new Completing.Run(job, OWNER)));

        assertThat(plan(
                        "unnest(?, ?, ?::timestamp[]",
                        "timestamp, bigint[], int[], timestamp[], text[], bigint[], text",
                        "'2026-01-01', '{1}', '{1}', '{2026-01-01}', '{b}', '{1}', 'a'"))
                .contains("oban_jobs_pkey", "id = ANY")
                .doesNotContain("Seq Scan", "_id_index", "_at_index", "Nested Loop");
    }

    @Test
    void so_does_a_result_that_is_written_alone() throws SQLException {
        add("completed", 100_000);
        jobs.run("ANALYZE ${schema}.oban_jobs");
        add("available", 1);
        Job job = fetching.fetch("default", OWNER, Set.of("A"), 1).get(0);
        acknowledgement.settle(job, OWNER, new Settlement.Complete());

        assertThat(plan(
                        "SET state = 'completed', completed_at = ?",
                        "timestamp, bigint, int, text[], timestamp",
                        "'2026-01-01', 1, 1, '{a,b}', '2026-01-01'"))
                .contains("oban_jobs_pkey")
                .doesNotContain("Seq Scan", "_id_index", "_at_index");
    }

    private void add(String state, int count) {
        jobs.run("""
                INSERT INTO ${schema}.oban_jobs (worker, state, scheduled_at)
                SELECT 'A', '%s', timestamp '2026-01-01' + n * interval '1 second'
                FROM generate_series(1, %d) n""".formatted(state, count));
    }

    /** The second time on a connection, which then has the catalogs at hand. */
    private int pagesOfNext() throws SQLException {
        String next = "SELECT " + schema.name() + ".kerrera_next('default', '{A}', 10)";
        try (Connection connection = schema.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(next);
            try (ResultSet plan = statement.executeQuery("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + next)) {
                plan.next();
                String json = plan.getString(1);
                return number(json, "Shared Hit Blocks") + number(json, "Shared Read Blocks");
            }
        }
    }

    private static int number(String json, String key) {
        Matcher found = Pattern.compile("\"%s\": (\\d+)".formatted(key)).matcher(json);
        assertThat(found.find()).as(json).isTrue();
        return Integer.parseInt(found.group(1));
    }

    private String plan(String part, String types, String parameters) throws SQLException {
        return new GenericPlan(schema, tapped).of(part, types, parameters, "(VERBOSE)");
    }
}
