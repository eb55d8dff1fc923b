package dev.kerrera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.awaitility.Awaitility.await;

import dev.kerrera.job.BulkResult;
import dev.kerrera.job.Job;
import dev.kerrera.job.NewJob;
import dev.kerrera.job.Unique;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TestSchema;
import dev.kerrera.worker.JobContext;
import dev.kerrera.worker.Outcome;
import dev.kerrera.worker.UniqueJobs;
import dev.kerrera.worker.Work;
import dev.kerrera.worker.Worker;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The façade's bulk and unique inserts, with everything behind it. */
@ExtendWith(PooledSchema.class)
class BulkServiceTest {

    @Work(name = "count")
    @UniqueJobs(period = "infinity", keys = "n")
    public static class Count implements Worker<JsonObject> {
        @Override
        public Outcome perform(JsonObject args, JobContext job) {
            return Outcome.ok();
        }
    }

    private final List<Long> ids = new ArrayList<>();
    private final RawJobs jobs;
    private final WeldNode node;
    private final JobService service;

    BulkServiceTest(TestSchema schema) {
        jobs = new RawJobs(schema);
        node = new WeldNode(
                WeldNode.settings(schema.name(), WeldNode.listening(Optional.empty())),
                schema.dataSource(),
                Count.class);
        service = node.get(JobService.class);
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void jobs_of_a_collection_and_of_a_stream_are_inserted_once_and_run() {
        List<NewJob> ten = numbered(10).toList();

        assertThat(service.insertAll(ten)).isEqualTo(new BulkResult(10, 0));
        assertThat(service.insertAll(ten, ids::add)).isEqualTo(new BulkResult(0, 10));
        assertThat(service.insertAll(numbered(12))).isEqualTo(new BulkResult(2, 10));
        assertThat(service.insertAll(numbered(12), ids::add)).isEqualTo(new BulkResult(0, 12));

        assertThat(ids.subList(0, 10)).isEqualTo(ids.subList(10, 20)).doesNotHaveDuplicates();
        await().until(() -> jobs.count("state = 'completed'") == 12);
    }

    @Test
    void a_job_that_is_there_is_marked() {
        NewJob job = NewJob.of("count", Map.of("n", 1));
        Job first = service.insert(job);

        assertThat(first.isConflict()).isFalse();
        assertThat(service.insert(job).isConflict()).isTrue();
        assertThat(service.insert(job.unique(Unique.none())).isConflict()).isFalse();
    }

    @Test
    void a_taker_of_ids_must_be_there() {
        assertThatNullPointerException().isThrownBy(() -> service.insertAll(List.of(), null));
        assertThatNullPointerException().isThrownBy(() -> service.insertAll(Stream.empty(), null));
    }

    private static Stream<NewJob> numbered(int number) {
        return IntStream.range(0, number).mapToObj(n -> NewJob.of("count", Map.of("n", n)));
    }
}
