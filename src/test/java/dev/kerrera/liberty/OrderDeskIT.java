package dev.kerrera.liberty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import demo.GossipLog;
import demo.Order;
import demo.OrderDesk;
import demo.OrderRefusedException;
import demo.PlacedOrder;
import dev.kerrera.JobService;
import dev.kerrera.job.BulkResult;
import dev.kerrera.job.Job;
import dev.kerrera.job.JobFilter;
import dev.kerrera.job.JobState;
import dev.kerrera.job.NewJob;
import dev.kerrera.liberty.probe.TransactionProbe;
import dev.kerrera.testsupport.DemoArchive;
import jakarta.annotation.Resource;
import jakarta.inject.Inject;
import jakarta.transaction.UserTransaction;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** Jobs and the caller's transaction, on the example's order desk. */
@ArquillianTest
class OrderDeskIT {

    @Inject
    OrderDesk desk;

    @Inject
    GossipLog gossip;

    @Inject
    TransactionProbe probe;

    @Inject
    JobService jobs;

    @Inject
    UserTransaction transaction;

    @Resource(lookup = "jdbc/second")
    DataSource second;

    @Deployment
    static WebArchive application() {
        return DemoArchive.with(OrderDeskIT.class, TransactionProbe.class);
    }

    @Test
    void committed_order_has_its_receipt_sent_and_gossiped() {
        PlacedOrder placed = desk.place(new Order("ada@example.org", new BigDecimal("19.90")), false);

        await().until(() -> !gossip.about(placed.order()).isEmpty());
        assertThat(gossip.about(placed.order())).containsExactly("receipt over 19.90 sent to ada@example.org");
        await().until(() -> desk.job(placed.job()).orElseThrow().state() == JobState.COMPLETED);
    }

    @Test
    void refused_order_leaves_neither_order_nor_job() {
        long before = probe.count("demo.SendReceipt");

        assertThatThrownBy(() -> desk.place(new Order("bob@example.org", BigDecimal.TEN), true))
                .isInstanceOf(OrderRefusedException.class);

        assertThat(probe.orders("bob@example.org")).isZero();
        assertThat(probe.count("demo.SendReceipt")).isEqualTo(before);
    }

    @Test
    void job_joins_the_connection_of_the_applications_persistence_unit() throws Exception {
        List<Integer> backends = probe.backends();

        assertThat(backends.get(0)).isEqualTo(backends.get(1));
    }

    @Test
    void insert_commits_together_with_a_second_resource() throws Exception {
        transaction.begin();
        Job job = jobs.insert(NewJob.of("demo.Exercise"));
        run(second, "CREATE TABLE IF NOT EXISTS second_resource (job bigint)");
        run(second, "INSERT INTO second_resource VALUES (" + job.id() + ")");
        transaction.commit();

        await().until(() -> desk.job(job.id()).orElseThrow().state() == JobState.COMPLETED);
    }

    @Test
    void insert_rolls_back_together_with_a_second_resource() throws Exception {
        transaction.begin();
        Job job = jobs.insert(NewJob.of("demo.Exercise"));
        run(second, "CREATE TABLE IF NOT EXISTS second_resource_too (job bigint)");
        transaction.rollback();

        assertThat(desk.job(job.id())).isEmpty();
    }

    @Test
    void unique_job_is_found_again_in_the_same_transaction_of_the_container() {
        List<Job> found = probe.uniqueThrice("thrice");

        assertThat(found).extracting(Job::isConflict).startsWith(false, true);
        assertThat(found)
                .extracting(Job::id)
                .hasSize(3)
                .containsOnly(found.get(0).id());
        assertThat(probe.uniqueThrice("thrice").get(0).isConflict()).isTrue();
    }

    @Test
    void an_import_commits_batch_by_batch_on_managed_threads_and_its_jobs_run() {
        NewJob job = NewJob.of("demo.Exercise", Map.of("action", "ok")).tags("import");

        assertThat(jobs.insertInBatches(IntStream.range(0, 4_100).mapToObj(n -> job)))
                .isEqualTo(new BulkResult(4_100, 0));

        JobFilter done = JobFilter.all().tagged("import").states(JobState.COMPLETED);
        await().until(() -> jobs.count(done) == 4_100);
    }

    @Test
    void an_import_inside_a_transaction_is_refused_and_leaves_it_as_it_was() throws Exception {
        transaction.begin();
        Job job = jobs.insert(NewJob.of("demo.Exercise"));
        assertThatThrownBy(() -> jobs.insertInBatches(Stream.of(NewJob.of("demo.Exercise"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("NOT_SUPPORTED");
        transaction.commit();

        assertThat(desk.job(job.id())).isPresent();
    }

    @Test
    void insert_without_a_transaction_commits_by_itself() {
        Job job = jobs.insert(NewJob.of("demo.Exercise", Map.of("action", "ok")));

        await().until(() -> desk.job(job.id()).orElseThrow().state() == JobState.COMPLETED);
    }

    @Test
    void job_is_read_by_jpql_through_either_unit() {
        Job inserted = jobs.insert(NewJob.of("test.Nobody", Map.of("n", 1)).tags("Read", "me"));

        Job read = probe.byJpql(inserted.id());
        assertThat(read.args().getInt("n")).isOne();
        assertThat(read.tags()).containsExactly("read", "me");
        assertThat(read.insertedAt()).isEqualTo(inserted.insertedAt());
        assertThat(probe.count("test.Nobody")).isPositive();
    }

    @Test
    void unknown_worker_is_left_alone() {
        Job nobody = jobs.insert(NewJob.of("test.Nobody"));
        Job somebody = jobs.insert(NewJob.of("demo.Exercise"));

        await().until(() -> desk.job(somebody.id()).orElseThrow().state() == JobState.COMPLETED);
        Job left = desk.job(nobody.id()).orElseThrow();
        assertThat(left.state()).isEqualTo(JobState.AVAILABLE);
        assertThat(left.attempt()).isZero();
    }

    private static void run(DataSource dataSource, String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
