package dev.kerrera.engine;

import dev.kerrera.job.BulkResult;
import dev.kerrera.job.Job;
import dev.kerrera.job.JobDraft;
import dev.kerrera.job.JobState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Jobs on their way into the table, of which it holds no more than it needs for the next statement.
 *
 * <p>Locks of unique jobs stay until the transaction ends, and the server has room for some thousands. So the jobs are locked one
 * by one only when they are few, and otherwise by their workers. Which of the two is decided before the first lock, because one
 * who holds a job's lock and wants the worker's would wait for another who does the same. Not thread-safe.
 */
public final class Bulk {

    /** Unique jobs whose locks the server has room for beside those of others. */
    private static final int FEW = 1_000;

    /** What has been locked of the jobs that are still to be written. */
    private enum Locked {
        NOTHING,
        EACH,
        GROUPS
    }

    private final BatchInsertion batches;
    private final UniqueInsertion unique;
    private final UniqueLocks locks;
    private final @Nullable LongConsumer ids;
    private final Portion waiting = new Portion();
    private final Set<String> wakes = new LinkedHashSet<>();
    private Locked locked = Locked.NOTHING;
    private long inserted;
    private long conflicts;

    Bulk(BatchInsertion batches, UniqueInsertion unique, UniqueLocks locks, @Nullable LongConsumer ids) {
        this.batches = batches;
        this.unique = unique;
        this.locks = locks;
        this.ids = ids;
    }

    /** Locks before the first is written. */
    void lockAll(List<JobDraft> drafts) {
        if (drafts.stream().filter(Bulk::isUnique).limit(FEW + 1L).count() <= FEW) {
            locks.lockEach(values(drafts));
            locked = Locked.EACH;
        } else {
            locks.lockGroups(values(drafts));
            locked = Locked.GROUPS;
        }
    }

    /** The next one. */
    public void add(JobDraft draft) {
        if (waiting.isFull()) {
            if (locked == Locked.NOTHING) {
                locked = Locked.GROUPS;
            }
            write(waiting.take());
        }
        waiting.add(draft);
    }

    /** After the last one. */
    public void end() {
        List<JobDraft> rest = waiting.take();
        if (locked == Locked.NOTHING) {
            lockAll(rest);
        }
        write(rest);
    }

    /** What became of them. */
    public BulkResult result() {
        return new BulkResult(inserted, conflicts);
    }

    /** The queues in which jobs are available now. */
    public Set<String> wakes() {
        return wakes;
    }

    private void write(List<JobDraft> drafts) {
        if (locked == Locked.GROUPS) {
            locks.lockGroups(values(drafts));
        }
        List<JobDraft> plain = new ArrayList<>();
        for (JobDraft draft : drafts) {
            if (isUnique(draft)) {
                writeBatch(plain);
                plain.clear();
                writeUnique(draft);
            } else {
                plain.add(draft);
            }
        }
        writeBatch(plain);
    }

    private void writeBatch(List<JobDraft> drafts) {
        if (drafts.isEmpty()) {
            return;
        }
        if (ids == null) {
            batches.insert(drafts);
        } else {
            batches.insertReturning(drafts).forEach(ids::accept);
        }
        inserted += drafts.size();
        drafts.stream()
                .filter(draft -> draft.state() == JobState.AVAILABLE)
                .map(JobDraft::queue)
                .forEach(wakes::add);
    }

    private void writeUnique(JobDraft draft) {
        Job job = unique.insertLocked(draft, UniqueValues.of(draft));
        if (ids != null) {
            ids.accept(job.id());
        }
        if (job.isConflict()) {
            conflicts++;
        } else {
            inserted++;
        }
        if (job.state() == JobState.AVAILABLE) {
            wakes.add(job.queue());
        }
    }

    private static boolean isUnique(JobDraft draft) {
        return draft.uniqueness() != null;
    }

    private static Collection<UniqueValues> values(List<JobDraft> drafts) {
        return drafts.stream().filter(Bulk::isUnique).map(UniqueValues::of).toList();
    }
}
