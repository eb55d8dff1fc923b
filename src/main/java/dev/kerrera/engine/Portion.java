package dev.kerrera.engine;

import dev.kerrera.job.JobDraft;
import java.util.ArrayList;
import java.util.List;

/** Jobs on their way into the table, as many as one statement takes and the memory holds several times. Not thread-safe. */
public final class Portion {

    private static final int MANY = 2_000;

    /** Characters of JSON: about as many megabytes as fit several times into the smallest heaps. */
    private static final long HEAVY = 4_000_000;

    private List<JobDraft> drafts = new ArrayList<>();
    private long weight;

    /** Another one. */
    public void add(JobDraft draft) {
        drafts.add(draft);
        weight += draft.argsJson().length() + draft.metaJson().length();
    }

    /** Whether it is time to write what there is. */
    public boolean isFull() {
        return drafts.size() >= MANY || weight >= HEAVY;
    }

    /** Whether there is nothing in it. */
    public boolean isEmpty() {
        return drafts.isEmpty();
    }

    /** What there is; nothing is left. */
    public List<JobDraft> take() {
        List<JobDraft> taken = drafts;
        drafts = new ArrayList<>();
        weight = 0;
        return taken;
    }
}
