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
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
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
    private static final Map<String, Integer> BEFORE =
            Map.of("empty", 0, "of one", 1, "of a few", 50, "of many", 50_000, "never analyzed", 1_000);

    /** What it takes to change ten jobs and their entries in all indexes; the whole table has far more. */
    private static final int FEW = 700;

    private final TestSchema schema;
    private final TappedDataSource tapped;
    private final RawJobs jobs;
    private final Fetching fetching;
    private final Acknowledgement acknowledgement;

    FetchPlanTest(TestSchema schema) {
        this.schema = schema;
        this.tapped = new TappedDataSource(schema.dataSource());
        this.jobs = new RawJobs(schema);
        Jdbc jdbc = new Jdbc(tapped.dataSource(), Transactions.none());
        Prefix prefix = new Prefix(schema.name());
        this.fetching = new Fetching(jdbc, prefix, Clock.systemUTC());
        this.acknowledgement = new Acknowledgement(jdbc, prefix, Clock.systemUTC(), new ResultSettings(false, true));
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

        assertThat(plan("unnest", "text[]", "'{default}'")).doesNotContain("Seq Scan");
        assertThat(plan("NOT id = ANY", "text, text[], bigint[]", "'default', '{a,b}', '{}'"))
                .doesNotContain("Seq Scan");
    }

    /** A plan is kept by a connection until the table is analyzed again, however it grows. */
    @ParameterizedTest
    @ValueSource(strings = {"empty", "of one", "of a few", "of many", "never analyzed"})
    void a_table_is_worked_off_by_index_whatever_it_was_when_the_statement_was_planned(String table)
            throws SQLException {
        add("completed", BEFORE.get(table));
        if (!table.equals("never analyzed")) {
            jobs.run("VACUUM (ANALYZE, TRUNCATE) ${schema}.oban_jobs");
        }
        try (Connection connection = schema.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            for (int time = 0; time < 3; time++) {
                statement.execute(fetch(Position.TOP));
                statement.execute(complete(true));
                statement.execute(complete(false));
            }
            add("completed", 60_000);
            add("available", 60_000);

            assertThat(pages(statement, fetch(Position.TOP)))
                    .as("pages read and written for 10 jobs")
                    .isLessThan(FEW);
            assertThat(pages(statement, complete(false))).isLessThan(FEW);
            assertThat(pages(statement, complete(true))).isLessThan(FEW);
        }
    }

    @Test
    void a_fetch_that_goes_on_passes_nothing_that_was_taken_before() throws SQLException {
        add("available", 20_000);
        jobs.run("ANALYZE ${schema}.oban_jobs");
        try (Connection old = schema.dataSource().getConnection();
                Statement statement = old.createStatement()) {
            old.setAutoCommit(false);
            old.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            statement.executeQuery("SELECT 1");
            List<Job> taken = fetching.fetch(new Demand("default", OWNER, 15_000), Set.of("A"));

            int fromTop = pages(schema, fetch(Position.TOP));
            int fromThere = pages(schema, fetch(Position.of(taken.get(taken.size() - 1))));
            assertThat(fromThere).as("pages").isLessThan(fromTop / 2);
            old.rollback();
        }
    }

    @Test
    void a_result_that_is_written_alone_comes_by_the_key() throws SQLException {
        add("completed", 100_000);
        jobs.run("ANALYZE ${schema}.oban_jobs");
        add("available", 1);
        Job job = fetching.fetch(new Demand("default", OWNER, 1), Set.of("A")).get(0);
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

    private String fetch(Position after) {
        return "SELECT * FROM %s.kerrera_fetch('here', '{p}', '{default}', '{10}', '{%d}', '{%s}', '{%d}', '{A}', '2026-01-01')"
                .formatted(
                        schema.name(),
                        after.priority(),
                        LocalDateTime.ofInstant(after.scheduledAt(), ZoneOffset.UTC),
                        after.id());
    }

    /** Five jobs, as if they had just been fetched so. */
    private String complete(boolean deleting) {
        return """
                SELECT %1$s.kerrera_complete(
                    array_agg(id), array_agg(attempt::int), array_agg(attempted_at), array_agg('p'::text), 'here', '2026-01-01', %2$s)
                FROM (SELECT * FROM %1$s.oban_jobs WHERE state = 'executing' ORDER BY id LIMIT 5) run
                """.formatted(schema.name(), deleting);
    }

    /** The second time on a connection, which then has the catalogs at hand. */
    private static int pages(TestSchema schema, String sql) throws SQLException {
        try (Connection connection = schema.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
            return pages(statement, sql);
        }
    }

    private static int pages(Statement statement, String sql) throws SQLException {
        try (ResultSet plan = statement.executeQuery("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + sql)) {
            plan.next();
            String json = plan.getString(1);
            assertThat(number(json, "Actual Rows")).as("jobs").isPositive();
            return number(json, "Shared Hit Blocks") + number(json, "Shared Read Blocks");
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
