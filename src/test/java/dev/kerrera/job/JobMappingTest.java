package dev.kerrera.job;

import static dev.kerrera.job.JobTable.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.persistence.EntityManagerFactory;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class JobMappingTest {
    private static final long FULL = 9_000_000_000L;
    private static final long POISON = 2;

    private static JobTable table;
    private static EntityManagerFactory unit;

    @BeforeAll
    static void open() {
        table = JobTable.in("job_mapping");
        unit = table.unit(Map.of("hibernate.query.hql.json_functions_enabled", "true"));
        table.sql("""
                INSERT INTO oban_jobs (id, state, queue, worker, args, errors, attempt, max_attempts, inserted_at,
                    scheduled_at, attempted_at, attempted_by, priority, tags, meta)
                VALUES (9000000000, 'retryable', 'mail', 'w',
                    '{"big": 12345678901234567890.123456789, "id": 9007199254740993}',
                    ARRAY['{"at": "2026-11-21T18:48:21.074445Z", "attempt": 1, "error": "** (X) a\\nb"}',
                          '{"at": "2026-11-21T18:48:22.5Z", "attempt": 2, "error": "** (Y) c"}']::jsonb[], 2, 5,
                    '2026-03-08 02:30:00.123456', '2026-03-08 02:59:59.999999', '2026-11-01 01:30:00.000001',
                    ARRAY['node', 'uuid'], 3, ARRAY['a', 'b,"c'], '{"m": 1}');
                INSERT INTO oban_jobs (id, worker, args, tags, meta, errors)
                VALUES (2, 'poison', '[1, 2]', NULL, NULL, ARRAY['"odd"']::jsonb[]);
                """);
    }

    @AfterAll
    static void close() {
        unit.close();
        table.close();
    }

    @Test
    void every_column_is_read() {
        Job job = find(FULL);
        assertThat(job.id()).isEqualTo(FULL);
        assertThat(job.state()).isEqualTo(JobState.RETRYABLE);
        assertThat(job.queue()).isEqualTo("mail");
        assertThat(job.worker()).isEqualTo("w");
        assertThat(job.errors())
                .containsExactly(
                        new JobError(1, Instant.parse("2026-11-21T18:48:21.074445Z"), "** (X) a\nb"),
                        new JobError(2, Instant.parse("2026-11-21T18:48:22.5Z"), "** (Y) c"));
        assertThat(job.insertedAt()).isEqualTo("2026-03-08T02:30:00.123456Z");
        assertThat(job.scheduledAt()).isEqualTo("2026-03-08T02:59:59.999999Z");
        assertThat(job.attemptedAt()).isEqualTo("2026-11-01T01:30:00.000001Z");
        assertThat(job.completedAt()).isNull();
        assertThat(job.attemptedBy()).containsExactly("node", "uuid");
        assertThat(job.tags()).containsExactly("a", "b,\"c");
        assertThat(job.meta().getInt("m")).isEqualTo(1);
        assertThat(List.of(job.priority(), job.attempt(), job.maxAttempts())).containsExactly(3, 2, 5);
    }

    @Test
    void numbers_keep_every_digit() {
        assertThat(find(FULL).args().getJsonNumber("big").bigDecimalValue())
                .isEqualTo(new BigDecimal("12345678901234567890.123456789"));
        assertThat(find(FULL).args().getJsonNumber("id").longValueExact()).isEqualTo(9_007_199_254_740_993L);
    }

    @Test
    void null_columns_read_as_empty() {
        Job job = find(POISON);
        assertThat(job.tags()).isEmpty();
        assertThat(job.attemptedBy()).isEmpty();
        assertThat(job.meta()).isEmpty();
    }

    @Test
    void a_poison_row_is_listed_and_refuses_only_its_bad_columns() {
        assertThat(ids("select j from Job j", Map.of())).contains(POISON, FULL);
        Job job = find(POISON);
        assertThat(job.argsJson()).isEqualTo("[1, 2]");
        assertThatThrownBy(job::args)
                .isInstanceOf(UnreadableJobException.class)
                .hasMessage("job 2 has unreadable args: must be a JSON object, is of type ARRAY");
        assertThatThrownBy(job::errors)
                .isInstanceOf(UnreadableJobException.class)
                .hasMessageStartingWith("job 2 has unreadable errors: malformed entry \"odd\"");
    }

    @Test
    void jpql_takes_states_as_parameter_literal_and_list() {
        String byParameter = "select j from Job j where j.state = :s and j.queue = :q order by j.id";
        assertThat(ids(byParameter, Map.of("s", JobState.RETRYABLE, "q", "mail")))
                .containsExactly(FULL);
        assertThat(ids("select j from Job j where j.state = dev.kerrera.job.JobState.AVAILABLE", Map.of()))
                .containsExactly(POISON);
        assertThat(ids("select j from Job j where j.state in (AVAILABLE, CANCELLED)", Map.of()))
                .containsExactly(POISON);
        String byList = "select j from Job j where j.state in :states order by j.id";
        assertThat(ids(byList, Map.of("states", JobState.incomplete()))).containsExactly(POISON, FULL);
    }

    @Test
    void jpql_groups_and_sorts_by_state() {
        String counts = "select j.state, count(j) from Job j group by j.state order by j.state";
        List<Object[]> rows =
                query(unit, em -> em.createQuery(counts, Object[].class).getResultList());
        assertThat(rows).extracting(row -> row[0]).containsExactly(JobState.AVAILABLE, JobState.RETRYABLE);
    }

    @Test
    void criteria_take_states_and_instants() {
        List<Job> found = query(unit, em -> {
            var builder = em.getCriteriaBuilder();
            var criteria = builder.createQuery(Job.class);
            var job = criteria.from(Job.class);
            criteria.where(
                    builder.equal(job.get("state"), JobState.RETRYABLE),
                    builder.equal(job.get("insertedAt"), Instant.parse("2026-03-08T02:30:00.123456Z")));
            return em.createQuery(criteria).getResultList();
        });
        assertThat(found).extracting(Job::id).containsExactly(FULL);
    }

    @Test
    void jpql_searches_tags_json_and_errors() {
        assertThat(ids("select j from Job j where array_contains(j.tags, :tag)", Map.of("tag", "a")))
                .containsExactly(FULL);
        assertThat(ids("select j from Job j where j.errors like '%** (Y)%'", Map.of()))
                .containsExactly(FULL);
        String inside = "select j from Job j where json_value(j.args, '$.id' returning Long) = :id";
        assertThat(ids(inside, Map.of("id", 9_007_199_254_740_993L))).containsExactly(FULL);
    }

    @Test
    void two_aliases_read_two_rows() {
        String pair = "select a, b from Job a, Job b where a.id < b.id";
        List<Object[]> rows =
                query(unit, em -> em.createQuery(pair, Object[].class).getResultList());
        assertThat(rows).hasSize(1);
        assertThat(((Job) rows.get(0)[1]).errors()).hasSize(2);
    }

    @Test
    void jobs_are_equal_by_id() {
        assertThat(find(FULL))
                .isEqualTo(find(FULL))
                .hasSameHashCodeAs(find(FULL))
                .isNotEqualTo(find(POISON));
        assertThat(find(FULL)).hasToString("Job[9000000000 w in mail, retryable, attempt 2 of 5]");
    }

    private static Job find(long id) {
        return query(unit, em -> em.find(Job.class, id));
    }

    private static List<Long> ids(String jpql, Map<String, ?> parameters) {
        return query(unit, em -> {
            var query = em.createQuery(jpql, Job.class);
            parameters.forEach(query::setParameter);
            return query.getResultList().stream().map(Job::id).toList();
        });
    }
}
