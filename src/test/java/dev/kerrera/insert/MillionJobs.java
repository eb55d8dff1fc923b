package dev.kerrera.insert;

import dev.kerrera.job.BulkResult;
import dev.kerrera.job.NewJob;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;

/** A process of its own that inserts a million jobs. */
final class MillionJobs {

    static final int NUMBER = 1_000_000;

    private MillionJobs() {}

    /**
     * Ends with 0 when all were inserted.
     *
     * @param connection URL, user, password, schema
     */
    public static void main(String[] connection) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL(connection[0]);
        source.setUser(connection[1]);
        source.setPassword(connection[2]);
        AtomicLong last = new AtomicLong();

        // All from one element, as from a file that is opened when the stream is read.
        Stream<NewJob> jobs = Stream.of("all")
                .flatMap(all -> IntStream.range(0, NUMBER)
                        .mapToObj(n -> NewJob.of("w", Map.of("n", n)).tags("bulk")));
        BulkResult result = InsertNode.plain(connection[3], source, Clock.systemUTC())
                .bulk
                .insertAll(jobs, id -> {
                    if (id <= last.getAndSet(id)) {
                        throw new AssertionError(id + " came after " + last);
                    }
                });

        System.out.println(result + ", heap " + Runtime.getRuntime().maxMemory() / 1_048_576 + " MB");
        System.exit(result.equals(new BulkResult(NUMBER, 0)) ? 0 : 1);
    }
}
