package bench;

import dev.kerrera.JobService;
import dev.kerrera.job.Unique;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.transaction.UserTransaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** Inserts that only Kerrera has. */
@Dependent
public class KerreraInserts {

    private static final int TWINS = 1_000;
    private static final Unique ONCE = Unique.within(Duration.ofMinutes(10));

    @Inject
    private JobService jobs;

    @Inject
    private Rig rig;

    @Inject
    private UserTransaction transaction;

    /** One job for each transaction of the caller's. */
    List<Result> inTransaction() throws Exception {
        return new Inserts(rig).byOneAndEight("W1T", id -> {
            transaction.begin();
            rig.peer().insert(id);
            transaction.commit();
        });
    }

    /** Many jobs by one transaction. */
    List<Result> allOrNone() throws Exception {
        return List.of(new Inserts(rig)
                .bulk(
                        "W2A",
                        1,
                        (from, count) -> jobs.insertAll(
                                LongStream.range(from, from + count).mapToObj(id -> KerreraPeer.job(Noop.class, id)))));
    }

    /** Unique jobs: none is there already, and then every one is. */
    List<Result> unique() throws Exception {
        List<Result> results = new ArrayList<>(new Inserts(rig).byOneAndEight("W12", this::insertOnce));
        results.add(conflicts(1));
        results.add(conflicts(8));
        return results;
    }

    private Result conflicts(int callers) throws Exception {
        rig.fresh();
        rig.peer().fill(0, TWINS);
        return new Inserts(rig).singles("W12C", callers, (caller, time) -> insertOnce(time % TWINS));
    }

    private void insertOnce(long id) {
        jobs.insert(Noop.class, new Payload(id), job -> job.unique(ONCE));
    }
}
