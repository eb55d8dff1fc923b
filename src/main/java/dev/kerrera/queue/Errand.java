package dev.kerrera.queue;

import dev.kerrera.engine.Fetching;
import dev.kerrera.engine.JointFetching;
import dev.kerrera.engine.JointFetching.Demand;
import dev.kerrera.job.Job;
import java.util.ArrayList;
import java.util.Collection;
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
 * busy anyway, and only for a moment. Thread-safe.
 */
final class Errand {

    private static final int ENOUGH = 250;
    private static final long MOMENT_MILLIS = 1;

    private final Fetching fetching;
    private final JointFetching joint;
    private final Queue<Request> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger wanted = new AtomicInteger();
    private final ReentrantLock going = new ReentrantLock(); // whoever holds it fetches for all who wait

    Errand(Fetching fetching, JointFetching joint) {
        this.fetching = fetching;
        this.joint = joint;
    }

    private static final class Request {
        private final Demand demand;
        private final CountDownLatch answered = new CountDownLatch(1);
        private @Nullable List<Job> jobs; // until answered
        private @Nullable Throwable failure; // until answered

        Request(Demand demand) {
            this.demand = demand;
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
        if (!patient || enough || !isAnsweredSoon(request)) {
            ensureAnswer(request, workers);
        }
        return answer(request);
    }

    private static boolean isAnsweredSoon(Request request) {
        try {
            return request.answered.await(MOMENT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void ensureAnswer(Request request, Collection<String> workers) {
        going.lock();
        try {
            if (!request.isAnswered()) {
                fetchForAll(workers);
            }
        } finally {
            going.unlock();
        }
    }

    private void fetchForAll(Collection<String> workers) {
        List<Request> all = new ArrayList<>();
        for (Request next = waiting.poll(); next != null; next = waiting.poll()) {
            all.add(next);
            wanted.addAndGet(-next.demand.room());
        }
        try {
            List<Demand> demands = all.stream().map(request -> request.demand).toList();
            Map<String, List<Job>> jobs = fetch(demands, workers);
            all.forEach(request -> request.jobs = jobs.getOrDefault(request.demand.queue(), List.of()));
        } catch (RuntimeException | Error failure) {
            all.forEach(request -> request.failure = failure);
        } finally {
            all.forEach(request -> request.answered.countDown());
        }
    }

    private Map<String, List<Job>> fetch(List<Demand> demands, Collection<String> workers) {
        if (demands.size() > 1) {
            return joint.fetch(demands, workers);
        }
        Demand only = demands.get(0);
        return Map.of(only.queue(), fetching.fetch(only.queue(), only.owner(), workers, only.room()));
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
