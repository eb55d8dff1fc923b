package dev.kerrera.queue;

import dev.kerrera.engine.Demand;
import dev.kerrera.engine.FetchRefused;
import dev.kerrera.engine.Position;
import dev.kerrera.job.Job;
import dev.kerrera.task.Nudge;
import java.util.List;
import java.util.Optional;

/**
 * Fetches the jobs of a producer. Where the database does not let one of them be taken, what stands before it is fetched, in the end by
 * itself; then it is passed over, and met again by the next fetch that begins at the top. Only {@link #news} may be called by any
 * thread.
 */
final class Fetcher {

    private final ProducerMeta meta;
    private final Intake intake;
    private final Gathering gathering;
    private final Nudge dispatch;
    private final Bookmark bookmark = new Bookmark();
    private final Obstacles obstacles = new Obstacles();
    private int most = Integer.MAX_VALUE; // less after a refusal, and with each fetch that is not refused twice as many

    /** @param dispatch has a further fetch follow */
    Fetcher(ProducerMeta meta, Intake intake, Gathering gathering, Nudge dispatch) {
        this.meta = meta;
        this.intake = intake;
        this.gathering = gathering;
        this.dispatch = dispatch;
    }

    /** There may be jobs anywhere. */
    void news() {
        bookmark.news();
    }

    /** As many as there is room for, if there are so many. Whatever it throws, some may have been taken. */
    List<Job> fetch(int room) {
        Position from = bookmark.next();
        try {
            return fetch(room, from);
        } catch (RuntimeException | Error failure) {
            bookmark.failed();
            throw failure;
        }
    }

    private List<Job> fetch(int room, Position from) {
        for (int demand = Math.min(room, most); ; demand /= 2) {
            try {
                List<Job> jobs = fetchOnce(demand, from);
                most = demand > Integer.MAX_VALUE / 2 ? Integer.MAX_VALUE : Math.max(most, 2 * demand);
                if (demand < room) {
                    dispatch.nudge(); // for the rest
                }
                return jobs;
            } catch (FetchRefused refused) {
                most = 1;
                if (demand == 1) {
                    passOver(from, refused);
                    return List.of();
                }
            }
        }
    }

    private List<Job> fetchOnce(int demand, Position from) {
        gathering.fetching();
        List<Job> jobs = intake.take(new Demand(meta.queue(), meta.owner(), demand, from), gathering.knowsOfMore());
        boolean full = jobs.size() == demand;
        gathering.fetched(full, bookmark.fetched(jobs, full));
        return jobs;
    }

    private void passOver(Position from, FetchRefused refused) {
        Position first = intake.first(meta.queue(), from).orElseThrow(() -> refused);
        obstacles.tell(first.id(), meta.queue(), refused);
        bookmark.pass(first);
        gathering.fetched(true, Optional.empty());
        dispatch.nudge();
    }
}
