package dev.kerrera.liberty.probe;

import dev.kerrera.JobService;
import dev.kerrera.job.Job;
import dev.kerrera.job.NewJob;
import dev.kerrera.job.Unique;
import jakarta.annotation.Resource;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** Looks at a transaction from the inside. */
@Stateless
public class TransactionProbe {

    @PersistenceContext(unitName = "orders")
    private EntityManager orders;

    @PersistenceContext(unitName = "kerrera")
    private EntityManager kerrera;

    @Resource(lookup = "jdbc/kerrera")
    private DataSource jobsDataSource;

    @Inject
    private JobService jobs;

    /** Backends used by the application's unit and by Kerrera in one transaction that writes through both. */
    public List<Integer> backends() throws SQLException {
        Object application = orders.createNativeQuery("SELECT pg_backend_pid()").getSingleResult();
        jobs.insert(NewJob.of("test.Nobody"));
        try (Connection connection = jobsDataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT pg_backend_pid()")) {
            rows.next();
            return List.of(((Number) application).intValue(), rows.getInt(1));
        }
    }

    /** A unique job inserted three times in one transaction: alone twice, and once more in bulk. */
    public List<Job> uniqueThrice(String tag) {
        NewJob job = NewJob.of("test.Nobody", Map.of("tag", tag)).unique(Unique.forever());
        Job first = jobs.insert(job);
        Job second = jobs.insert(job);
        List<Job> all = new ArrayList<>(List.of(first, second));
        jobs.insertAll(List.of(job), id -> all.add(jobs.find(id).orElseThrow()));
        return all;
    }

    /** A job read through Kerrera's own unit by JPQL. */
    public Job byJpql(long id) {
        return kerrera.createQuery("select j from Job j where j.id = :id", Job.class)
                .setParameter("id", id)
                .getSingleResult();
    }

    /** How many jobs of a worker there are, through the application's own unit. */
    public long count(String worker) {
        return orders.createQuery("select count(j) from Job j where j.worker = :worker", Long.class)
                .setParameter("worker", worker)
                .getSingleResult();
    }

    /** How many orders of a customer there are. */
    public long orders(String customer) {
        return orders.createQuery("select count(o) from Order o where o.customer = :customer", Long.class)
                .setParameter("customer", customer)
                .getSingleResult();
    }
}
