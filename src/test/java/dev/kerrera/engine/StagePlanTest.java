package dev.kerrera.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.testsupport.BulkLoad;
import dev.kerrera.testsupport.NeedsSession;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.SessionSettings;
import dev.kerrera.testsupport.TappedDataSource;
import dev.kerrera.testsupport.TestSchema;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.StringJoiner;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stager reads what is due, and not what waits, whatever the planner knows. */
@NeedsSession("the planner is set for the session")
@ExtendWith(PooledSchema.class)
class StagePlanTest {

    private static final int PLACES = 2 * 7 * 4;

    private final TestSchema schema;
    private final TappedDataSource tapped;
    private final RawJobs jobs;

    StagePlanTest(TestSchema schema) {
        this.schema = schema;
        this.tapped = new TappedDataSource(schema.dataSource());
        this.jobs = new RawJobs(schema);
        new Staging(new Jdbc(tapped.dataSource(), Transactions.none()), new Prefix(schema.name()), Clock.systemUTC())
                .stage(1, List.of());
    }

    /** Every scan is bounded by queue and priority, so servers that cannot skip within an index read no more. */
    @ParameterizedTest
    @ValueSource(strings = {"analyzed", "never analyzed", "taken for empty"})
    void a_turn_looks_once_at_each_place_and_reads_nothing_that_is_not_due(String table) throws SQLException {
        fill(table);

        String idle = plan("2025-01-01");
        String busy = plan("2026-01-01 00:01:40");

        assertThat(idle + busy).doesNotContain("Seq Scan", "Bitmap", "JIT", "_at_index");
        assertThat(pages(idle)).as("pages read with nothing due").isLessThan(PLACES * 12);
        assertThat(pages(busy)).as("pages read and written with 100 due").isLessThan(PLACES * 12 + 100 * 60);
        assertThat(jobs.count("state = 'available'")).isEqualTo(100);
        jobs.run("ALTER TABLE ${schema}.oban_jobs RESET (autovacuum_enabled)");
    }

    /** It is planned anew each time, so how the driver prepares it does not matter. */
    @ParameterizedTest
    @ValueSource(strings = {"analyzed", "never analyzed", "taken for empty"})
    void a_look_reads_nothing_that_is_not_due(String table) throws SQLException {
        fill(table);

        assertThat(pages(look("2025-01-01"))).as("pages read with nothing due").isLessThan(PLACES * 12);
        assertThat(pages(look("2026-01-01 00:01:40"))).as("with 100 due").isLessThan(PLACES * 12);
        jobs.run("ALTER TABLE ${schema}.oban_jobs RESET (autovacuum_enabled)");
    }

    /** The second look on a connection, which has the catalogs at hand. */
    private String look(String now) throws SQLException {
        Prefix prefix = new Prefix(schema.name());
        String look = prefix.in(Staging.LOOK)
                .replaceFirst("\\?", Matcher.quoteReplacement("$sight$" + prefix.in(Staging.SIGHT) + "$sight$"))
                .replace("?", "'" + now + "'");
        StringJoiner plan = new StringJoiner("\n");
        try (Connection connection = schema.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(look);
            try (ResultSet line = statement.executeQuery("EXPLAIN (ANALYZE, BUFFERS) " + look)) {
                while (line.next()) {
                    plan.add(line.getString(1));
                }
            }
        }
        return plan.toString();
    }

    private void fill(String table) throws SQLException {
        jobs.run("ALTER TABLE ${schema}.oban_jobs SET (autovacuum_enabled = off)");
        BulkLoad.insert(schema, table.equals("taken for empty"), """
                INSERT INTO ${schema}.oban_jobs (worker, queue, priority, state, scheduled_at)
                SELECT 'A', 'queue-' || n % 7, n / 7 % 4,
                    CASE WHEN n % 10 = 0 THEN 'retryable' ELSE 'scheduled' END::${schema}.oban_job_state,
                    timestamp '2026-01-01' + n * interval '1 second'
                FROM generate_series(1, 100000) n""");
        if (table.equals("analyzed")) {
            jobs.run("ANALYZE ${schema}.oban_jobs");
        }
    }

    private String plan(String now) throws SQLException {
        String settings = ByIndex.CLOSE.replace("true)", "false)");
        TestSchema closed = new TestSchema(new SessionSettings(schema.dataSource(), settings), schema.name());
        return new GenericPlan(closed, tapped)
                .of(
                        "UPDATE",
                        "timestamp, bigint[], int, timestamp, int",
                        "'%s', '{}', 5000, '%s', 5000".formatted(now, now),
                        "(ANALYZE, BUFFERS)");
    }

    private static int pages(String plan) {
        MatchResult buffers = first(plan, "Buffers: shared hit=([0-9]+)(?: read=([0-9]+))?");
        return Integer.parseInt(buffers.group(1)) + (buffers.group(2) == null ? 0 : Integer.parseInt(buffers.group(2)));
    }

    private static MatchResult first(String plan, String pattern) {
        return Pattern.compile(pattern).matcher(plan).results().findFirst().orElseThrow(() -> new AssertionError(plan));
    }
}
