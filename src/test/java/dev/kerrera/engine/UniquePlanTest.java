package dev.kerrera.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.config.Prefix;
import dev.kerrera.db.Jdbc;
import dev.kerrera.db.Transactions;
import dev.kerrera.job.NewJob;
import dev.kerrera.job.Replace;
import dev.kerrera.job.Unique;
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
import java.util.Map;
import java.util.StringJoiner;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A unique insert keeps to the indexes, whether it is planned for its parameters or for all. */
@NeedsSession("the planner is set for the session")
@ExtendWith(PooledSchema.class)
class UniquePlanTest {

    private final TestSchema schema;
    private final TappedDataSource tapped;
    private final UniqueInsertion insertion;

    UniquePlanTest(TestSchema schema) {
        this.schema = schema;
        this.tapped = new TappedDataSource(schema.dataSource());
        this.insertion =
                new UniqueInsertion(new Jdbc(tapped.dataSource(), Transactions.none()), new Prefix(schema.name()));
    }

    @BeforeEach
    void fill() {
        new RawJobs(schema).run("""
                INSERT INTO ${schema}.oban_jobs (worker, args, state)
                SELECT 'A', jsonb_build_object('id', n, 'kind', 'order'),
                    CASE WHEN n % 100 = 0 THEN 'available' ELSE 'completed' END::${schema}.oban_job_state
                FROM generate_series(1, 100000) n;
                ANALYZE ${schema}.oban_jobs""");
    }

    @Test
    void args_are_searched_in_their_index() throws SQLException {
        for (Unique rule : List.of(Unique.forever(), Unique.options())) {
            insert(NewJob.of("A", Map.of("id", -1, "kind", "order")).unique(rule));
        }
        for (String mode : List.of("force_generic_plan", "force_custom_plan")) {
            assertThat(plan(
                            mode,
                            search(tapped.statements("MATERIALIZED").get(0)),
                            "text, text, text, text",
                            "'A', 'default', '{\"id\":5,\"kind\":\"order\"}', '{\"id\":5,\"kind\":\"order\"}'"))
                    .contains("oban_jobs_args_index")
                    .doesNotContain("Seq Scan");
            assertThat(plan(
                            mode,
                            search(tapped.statements("inserted_at >=").get(0)),
                            "timestamp, text, text, text, text",
                            "'2020-01-01', 'A', 'default', '{\"id\":5}', '{\"id\":5}'"))
                    .contains("oban_jobs_args_index")
                    .doesNotContain("Seq Scan");
        }
    }

    @Test
    void a_replacement_goes_straight_to_its_row() throws SQLException {
        NewJob job = NewJob.of("A", Map.of("id", 5, "kind", "order"))
                .priority(1)
                .unique(Unique.forever())
                .replace(Replace.of(Replace.Field.PRIORITY));
        assertThat(insert(job)).isTrue();

        assertThat(plan("force_generic_plan", tapped.statements("UPDATE").get(0), "int, bigint", "1, 5"))
                .contains("Index Scan using oban_jobs_pkey");
    }

    /** The part of the statement that looks for the job that is the same. */
    private static String search(String statement) {
        int end = statement.indexOf("),");
        return statement.substring(statement.indexOf("SELECT id"), end);
    }

    private boolean insert(NewJob job) {
        return insertion.insert(job.resolve(Clock.systemUTC())).isConflict();
    }

    private String plan(String mode, String statement, String types, String parameters) throws SQLException {
        String sql = statement;
        for (int i = 1; sql.contains("?"); i++) {
            sql = sql.replaceFirst("\\?", "\\$" + i);
        }
        StringJoiner plan = new StringJoiner("\n");
        try (Connection connection = schema.dataSource().getConnection();
                Statement session = connection.createStatement()) {
            session.execute("SET plan_cache_mode = " + mode);
            session.execute("PREPARE search (" + types + ") AS " + sql);
            try (ResultSet line = session.executeQuery("EXPLAIN (VERBOSE) EXECUTE search (" + parameters + ")")) {
                while (line.next()) {
                    plan.add(line.getString(1));
                }
            }
        }
        return plan.toString();
    }
}
