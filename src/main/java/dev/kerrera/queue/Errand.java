package dev.kerrera.queue;

import dev.kerrera.engine.Demand;
import dev.kerrera.engine.FetchRefused;
import dev.kerrera.engine.Fetching;
import dev.kerrera.engine.JointFetching;
import dev.kerrera.job.Job;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Fetches jobs for the producers of a node, by one statement for all who want some at the time. Only those wait for company that are
 * busy anyway, where other queues have asked lately, and only for a moment; and one whose statement takes long does not keep
 * others from theirs. Thread-safe.
 */
final class Errand {

    private static final int ENOUGH = 500;
    private static final Duration MOMENT = Duration.ofMillis(1);
    private static final Duration LATELY = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofMillis(50);

    private final Fetching fetching;
    private final JointFetching joint;
    private final Duration moment;
    private final Duration lately;
    private final Duration patience;
    private final Queue<Request> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger wanted = new AtomicInteger();
    private volatile String lastToAsk = "";
    private volatile long othersAsked; // when the one before had been another
    private final ReentrantLock going = new ReentrantLock(); // whoever holds it fetches for all who wait

    Errand(Fetching fetching, JointFetching joint) {
        this(fetching, joint, MOMENT, LATELY, PATIENCE);
    }

    /**
     * @param moment how long company is waited for
     * @param lately how long ago another queue may have asked to count as company
     * @param patience after which one who waits for others to finish fetches beside them
     */
    Errand(Fetching fetching, JointFetching joint, Duration moment, Duration lately, Duration patience) {
        this.fetching = fetching;
        this.joint = joint;
        this.moment = moment;
        this.lately = lately;
        this.othersAsked = System.nanoTime() - lately.toNanos();
        this.patience = patience;
    }

    private static final class Request {
        private final Demand demand;
        private final CountDownLatch answered = new CountDownLatch(1);
        private @Nullable List<Job> jobs; // until answered
        private @Nullable Throwable failure; // until answered

        Request(Demand demand) {
            this.demand = demand;
        }

        void answer(@Nullable List<Job> found, @Nullable Throwable thrown) {
            jobs = found;
            failure = thrown;
            answered.countDown();
        }

        boolean isAnswered() {
            return answered.getCount() == 0;
        }
    }

    /** @param patient whether others may be waited for, for a moment */
    List<Job> fetch(Demand demand, boolean patient, Collection<String> workers) {
        Request request = new Request(demand);
        waiting.add(request);
        boolean enough = wanted.addAndGet(demand.room()) >= ENOUGH;
        asks(demand.queue());
        if (!patient || isAlone() || enough || !isAnsweredSoon(request)) {
            ensureAnswer(request, workers);
        }
        return answer(request);
    }

    private void asks(String queue) {
        if (!queue.equals(lastToAsk)) {
            lastToAsk = queue;
            othersAsked = System.nanoTime();
        }
    }

    /** Whether no other queue has asked for a while. */
    private boolean isAlone() {
        return System.nanoTime() - othersAsked >= lately.toNanos();
    }

    /** How many wait for a statement to come. */
    int waiting() {
        return waiting.size();
    }

    private boolean isAnsweredSoon(Request request) {
        try {
            return request.answered.await(moment.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void ensureAnswer(Request request, Collection<String> workers) {
        if (goes()) {
            try {
                while (!request.isAnswered()) {
                    fetchForAll(workers);
                }
            } finally {
                going.unlock();
            }
        } else if (waiting.remove(request)) {
            wanted.addAndGet(-request.demand.room());
            fetchAlone(request, workers);
        }
        awaitAnswer(request); // somebody else's statement has it
    }

    /** False when others have been at it for long. */
    private boolean goes() {
        try {
            return going.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            return going.tryLock();
        }
    }

    private static void awaitAnswer(Request request) {
        boolean interrupted = false;
        while (!request.isAnswered()) {
            try {
                request.answered.await();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void fetchForAll(Collection<String> workers) {
        Map<String, Request> all = new LinkedHashMap<>();
        List<Request> later = new ArrayList<>();
        for (Request next = waiting.poll(); next != null; next = waiting.poll()) {
            if (all.putIfAbsent(next.demand.queue(), next) == null) {
                wanted.addAndGet(-next.demand.room());
            } else {
                later.add(next); // a producer that ends and the one after it
            }
        }
        waiting.addAll(later);
        if (all.size() == 1) {
            fetchAlone(all.values().iterator().next(), workers);
        } else if (!all.isEmpty()) {
            fetchTogether(all.values(), workers);
        }
    }

    private void fetchTogether(Collection<Request> all, Collection<String> workers) {
        try {
            Map<String, List<Job>> jobs =
                    joint.fetch(all.stream().map(request -> request.demand).toList(), workers);
            all.forEach(request -> request.answer(jobs.getOrDefault(request.demand.queue(), List.of()), null));
        } catch (FetchRefused refused) {
            all.forEach(request -> fetchAlone(request, workers)); // so that only the queue suffers whose row it was
        } catch (RuntimeException | Error failure) {
            all.forEach(request -> request.answer(null, failure));
        }
    }

    private void fetchAlone(Request request, Collection<String> workers) {
        try {
            request.answer(fetching.fetch(request.demand, workers), null);
        } catch (RuntimeException | Error failure) {
            request.answer(null, failure);
        }
    }

    private static List<Job> answer(Request request) {
        if (request.failure instanceof RuntimeException exception) {
            throw exception;
        } else if (request.failure instanceof Error error) {
            throw error;
        }
        List<Job> jobs = request.jobs;
        return jobs == null ? List.of() : jobs;
    }
}
