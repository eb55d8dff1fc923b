package dev.kerrera.db.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.kerrera.db.migration.SchemaStatus.Refused;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefusedSchemaTest {

    private final Database database = Database.shared();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 11, 13})
    void an_older_version_is_refused_naming_both_and_the_way_up(int version) throws Exception {
        Refused refused = refusal(reference("COMMENT ON TABLE oban_jobs IS '" + version + "'"));

        assertThat(refused.problems()).containsExactly("found oban v" + version + ", needs v14");
        assertThat(refused.remedy())
                .contains("Oban.Migration.up(version: 14", "Kerrera does not upgrade older Oban schemas");
    }

    @Test
    void a_newer_version_is_refused_naming_both() throws Exception {
        Refused refused = refusal(reference("COMMENT ON TABLE oban_jobs IS '15'"));

        assertThat(refused.problems()).containsExactly("found oban v15, needs v14");
        assertThat(refused.remedy()).contains("v15");
    }

    @Test
    void a_lost_comment_is_refused_with_the_statement_that_restores_it() throws Exception {
        String schema = reference("COMMENT ON TABLE oban_jobs IS NULL");

        Refused refused = refusal(schema);

        assertThat(refused.problems()).containsExactly("table oban_jobs carries no version comment");
        String statement = "COMMENT ON TABLE \"" + schema + "\".oban_jobs IS '14'";
        assertThat(refused.remedy()).contains(statement);
        database.run(statement);
        assertThat(database.migrator(schema).migrate().obanVersion()).isEqualTo("14");
    }

    @ParameterizedTest
    @ValueSource(strings = {"our jobs", "v14", "-14", "14.0", "99999999999999999999", " 14"})
    void a_comment_that_is_no_version_is_refused(String comment) throws Exception {
        Refused refused = refusal(reference("COMMENT ON TABLE oban_jobs IS '" + comment + "'"));

        assertThat(refused.problems())
                .containsExactly("the comment on table oban_jobs is '" + comment + "', which is no version");
    }

    @ParameterizedTest
    @ValueSource(strings = {"'14'", "'∞'", "NULL"})
    void a_partial_schema_is_refused_listing_everything(String comment) throws Exception {
        Refused refused = refusal(reference("ALTER TABLE oban_jobs DROP meta, ALTER errors DROP DEFAULT,"
                + " ALTER errors TYPE jsonb USING to_jsonb(errors), ALTER worker DROP NOT NULL, ALTER priority DROP DEFAULT,"
                + " ALTER attempted_at SET NOT NULL, ADD tenant text NOT NULL, DROP CONSTRAINT oban_jobs_pkey;"
                + " DROP TABLE oban_peers; COMMENT ON TABLE oban_jobs IS " + comment));

        assertThat(refused.problems())
                .contains(
                        "column oban_jobs.id has no primary key or unique index",
                        "column oban_jobs.worker allows NULL, must not",
                        "column oban_jobs.errors is jsonb, needs jsonb[]",
                        "column oban_jobs.errors has no default",
                        "column oban_jobs.attempted_at is NOT NULL, must allow NULL",
                        "column oban_jobs.priority has no default",
                        "column oban_jobs.meta is missing (needs jsonb)",
                        "column oban_jobs.tenant is unknown, NOT NULL and without default: no row could be inserted",
                        "table oban_peers is missing");
        assertThat(refused.problems()).hasSize(comment.equals("NULL") ? 10 : 9);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ALTER TYPE oban_job_state RENAME VALUE 'suspended' TO 'asleep'     | type oban_job_state has no label 'suspended'
            ALTER TYPE oban_job_state RENAME TO job_state                      | type oban_job_state is missing
            ALTER TYPE oban_job_state RENAME TO job_state                      | column oban_jobs.state is job_state, needs oban_job_state
            ALTER TABLE oban_jobs ALTER attempt TYPE smallint                  | column oban_jobs.attempt is smallint, needs integer
            ALTER TABLE oban_jobs ALTER scheduled_at TYPE timestamptz          | column oban_jobs.scheduled_at is timestamp with time zone, needs timestamp without time zone
            ALTER TABLE oban_peers DROP CONSTRAINT oban_peers_pkey             | column oban_peers.name has no primary key or unique index
            ALTER TABLE oban_peers RENAME node TO host                         | column oban_peers.node is missing (needs text)
            ALTER TABLE oban_peers RENAME TO p; CREATE VIEW oban_peers AS SELECT * FROM p | oban_peers is not a table
            ALTER TABLE oban_jobs RENAME TO jobs                               | table oban_jobs is missing
            """)
    void each_difference_that_matters_is_named(String change, String problem) throws Exception {
        assertThat(refusal(reference(change)).problems()).contains(problem);
    }

    @Test
    void a_type_of_the_right_name_in_the_wrong_schema_is_not_taken_for_the_right_one() throws Exception {
        String other = database.referenceSchema();
        String schema = reference("ALTER TABLE oban_jobs ALTER state DROP DEFAULT, ALTER state TYPE " + other
                + ".oban_job_state USING 'available'::" + other
                + ".oban_job_state, ALTER state SET DEFAULT 'available'");

        assertThat(refusal(schema).problems())
                .containsExactly("column oban_jobs.state is " + other + ".oban_job_state, needs oban_job_state");
    }

    @Test
    void a_leftover_type_alone_is_refused_rather_than_built_upon() throws Exception {
        Refused refused = refusal(reference("DROP TABLE oban_jobs; DROP TABLE oban_peers"));

        assertThat(refused.problems()).containsExactly("table oban_jobs is missing", "table oban_peers is missing");
    }

    @Test
    void a_database_without_a_public_schema_is_refused() throws Exception {
        Database own = Database.fresh();
        own.run("DROP SCHEMA public");

        var failure = catchThrowableOfType(
                SchemaRefusedException.class, () -> own.migrator("public").migrate());

        assertThat(failure).hasMessageContaining("schema public does not exist");
    }

    /** Both doors must say the same, and neither may change a thing. */
    private Refused refusal(String schema) throws Exception {
        List<String> before = CatalogDump.rowVersions(database, schema);
        Migrator migrator = database.migrator(schema);
        var failure = catchThrowableOfType(SchemaRefusedException.class, migrator::migrate);
        assertThat(failure).isNotNull();
        assertThat(failure).hasMessage(failure.refusal().describe());
        assertThat(migrator.verify()).isEqualTo(failure.refusal());
        assertThat(CatalogDump.rowVersions(database, schema)).isEqualTo(before);
        return failure.refusal();
    }

    private String reference(String change) throws Exception {
        String schema = database.referenceSchema();
        database.run("SET search_path = " + schema + "; " + change);
        return schema;
    }
}
