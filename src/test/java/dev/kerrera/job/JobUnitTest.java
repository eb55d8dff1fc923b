package dev.kerrera.job;

import static dev.kerrera.job.JobTable.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import org.hibernate.cfg.JdbcSettings;
import org.hibernate.cfg.MappingSettings;
import org.hibernate.cfg.SchemaToolingSettings;
import org.hibernate.jpa.HibernatePersistenceConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** The entity inside persistence units that are not ours to configure. */
class JobUnitTest {
    private static final TimeZone ZONE = TimeZone.getDefault();
    private static JobTable table;

    @BeforeAll
    static void open() {
        table = JobTable.in("Job unit");
        // Wall clocks that do not exist, or exist twice, in Los Angeles.
        table.sql("INSERT INTO oban_jobs (worker, inserted_at, scheduled_at)"
                + " VALUES ('w', '2026-03-08 02:30:00.123456', '2026-11-01 01:30:00.000001')");
        table.sql("INSERT INTO oban_jobs (worker, state) SELECT 'w', 'completed' FROM generate_series(1, 2000)");
        table.sql("ANALYZE oban_jobs");
    }

    @AfterAll
    static void close() {
        table.close();
    }

    @AfterEach
    void restoreZone() {
        TimeZone.setDefault(ZONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hibernate.jdbc.time_zone=Asia/Tokyo",
                "hibernate.jdbc.time_zone=UTC",
                "hibernate.type.java_time_use_direct_jdbc=true",
                "hibernate.type.preferred_instant_jdbc_type=TIMESTAMP",
                "hibernate.timezone.default_storage=NORMALIZE",
                "hibernate.globally_quoted_identifiers=true",
                "hibernate.criteria.value_handling_mode=inline"
            })
    void moments_are_exact_whatever_the_zone_and_the_units_settings(String setting) {
        TimeZone.setDefault(TimeZone.getTimeZone("America/Los_Angeles"));
        String[] pair = setting.split("=");
        try (EntityManagerFactory unit = table.unit(Map.of(pair[0], pair[1]))) {
            Job job = query(
                    unit,
                    em -> em.createQuery(
                                    "select j from Job j where j.insertedAt = :inserted and j.scheduledAt between :from and :to",
                                    Job.class)
                            .setParameter("inserted", Instant.parse("2026-03-08T02:30:00.123456Z"))
                            .setParameter("from", Instant.parse("2026-11-01T01:30:00.000001Z"))
                            .setParameter("to", Instant.parse("2026-11-01T01:30:00.000001Z"))
                            .getSingleResult());
            assertThat(job.insertedAt()).isEqualTo("2026-03-08T02:30:00.123456Z");
            assertThat(job.scheduledAt()).isEqualTo("2026-11-01T01:30:00.000001Z");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"j.state = AVAILABLE", "j.state in (AVAILABLE, RETRYABLE)", "j.state <> COMPLETED"})
    void the_table_and_its_enum_are_found_by_hibernates_default_schema_alone(String where) {
        try (EntityManagerFactory unit = table.unitByDefaultSchema()) {
            List<Job> found = query(
                    unit,
                    em -> em.createQuery("select j from Job j where " + where, Job.class)
                            .getResultList());
            assertThat(found).hasSize(1);
            assertThat(found.get(0).errors()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"j.state = :states", "j.state in :states"})
    void a_query_by_state_uses_the_index(String where) {
        StatementLog log = new StatementLog();
        Object value = where.contains(" in ") ? List.of(JobState.AVAILABLE, JobState.RETRYABLE) : JobState.AVAILABLE;
        try (EntityManagerFactory unit = table.unit(Map.of(JdbcSettings.STATEMENT_INSPECTOR, log))) {
            query(
                    unit,
                    em -> em.createQuery("select j from Job j where " + where + " and j.queue = :q", Job.class)
                            .setParameter("states", value)
                            .setParameter("q", "default")
                            .getResultList());
        }
        assertThat(log.last()).contains("j1_0.state").doesNotContain("cast(j1_0.state", "j1_0.state::");
        assertThat(table.plan(log.last(), "available", "default")).containsPattern("Index Cond: \\(+state = ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"validate", "update"})
    void a_unit_that_checks_or_updates_its_schema_leaves_the_table_as_it_is(String action) {
        String before = table.definition();
        try (EntityManagerFactory unit = table.unit(Map.of(SchemaToolingSettings.HBM2DDL_AUTO, action))) {
            assertThat(unit.isOpen()).isTrue();
        }
        assertThat(table.definition()).isEqualTo(before).contains("errors jsonb[]", "queue text");
    }

    @Test
    void a_unit_starts_while_the_database_is_down() {
        PGSimpleDataSource nowhere = new PGSimpleDataSource();
        nowhere.setPortNumbers(new int[] {1});
        try (EntityManagerFactory unit = new HibernatePersistenceConfiguration("kerrera")
                .managedClass(Job.class)
                .property(JdbcSettings.JAKARTA_NON_JTA_DATASOURCE, nowhere)
                .property(JdbcSettings.ALLOW_METADATA_ON_BOOT, "false")
                .property(JdbcSettings.DIALECT, "org.hibernate.dialect.PostgreSQLDialect")
                .createEntityManagerFactory()) {
            assertThat(unit.isOpen()).isTrue();
            assertThatThrownBy(() -> query(unit, em -> em.find(Job.class, 1L)))
                    .isInstanceOf(PersistenceException.class);
        }
    }

    @Test
    void a_unit_that_asked_nothing_of_the_database_reads_as_any_other() {
        Map<String, String> blind = Map.of(
                JdbcSettings.ALLOW_METADATA_ON_BOOT, "false",
                JdbcSettings.DIALECT, "org.hibernate.dialect.PostgreSQLDialect",
                MappingSettings.JSON_FORMAT_MAPPER, "jsonb");
        try (EntityManagerFactory unit = table.unit(blind)) {
            assertThat(query(unit, em -> em.find(Job.class, 1L)).args()).isEmpty();
        }
    }
}
