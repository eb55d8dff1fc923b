package dev.kerrera.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Judges the workers of an application and says what is wrong and how to mend it. */
final class WorkerProblems {

    private static final int LONGEST_NAME = 127;
    private static final int LOWEST_PRIORITY = 9;
    private static final String ELIXIR = "Elixir.";

    private final List<String> problems = new ArrayList<>();

    private WorkerProblems() {}

    static List<String> in(List<FoundWorker> workers) {
        WorkerProblems problems = new WorkerProblems();
        workers.forEach(problems::judge);
        problems.judgeNames(workers);
        return List.copyOf(problems.problems);
    }

    private void judge(FoundWorker found) {
        String who = found.beanClass().getName();
        Work work = found.work();
        if (!Worker.class.isAssignableFrom(found.beanClass())) {
            problems.add(who
                    + " is annotated with @Work but does not implement Worker: implement it, or drop the annotation");
        } else if (found.argsType().isEmpty()) {
            problems.add(
                    who + " does not say what its args are: implement Worker with a type, such as Worker<Receipt>");
        }
        if (found.name().isBlank() || length(found.name()) > LONGEST_NAME) {
            problems.add("%s has the name '%s': a worker's name has 1 to 127 characters".formatted(who, found.name()));
        }
        if (found.name().startsWith(ELIXIR)) {
            problems.add(
                    "%s has the name '%s': leave out '%s', which no job carries".formatted(who, found.name(), ELIXIR));
        }
        if (work.queue().isBlank() || length(work.queue()) > LONGEST_NAME) {
            problems.add(
                    "%s names the queue '%s': a queue's name has 1 to 127 characters".formatted(who, work.queue()));
        }
        if (work.maxAttempts() < 1) {
            problems.add("%s has maxAttempts %d: it must be at least 1".formatted(who, work.maxAttempts()));
        }
        if (work.priority() < 0 || work.priority() > LOWEST_PRIORITY) {
            problems.add("%s has priority %d: it must be 0 to 9".formatted(who, work.priority()));
        }
        found.terms().problems().forEach(problem -> problems.add(who + " " + problem));
        found.uniqueness()
                .map(JobUniqueness::problems)
                .ifPresent(all -> all.forEach(problem -> problems.add(who + " has @UniqueJobs: " + problem)));
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private void judgeNames(List<FoundWorker> workers) {
        Map<String, List<String>> classes = new TreeMap<>();
        for (FoundWorker found : workers) {
            classes.computeIfAbsent(found.name(), name -> new ArrayList<>())
                    .add(found.beanClass().getName());
        }
        classes.forEach((name, sharing) -> {
            if (sharing.size() > 1) {
                problems.add("The worker name '%s' is shared by %s: give each its own by @Work(name = …)"
                        .formatted(name, String.join(" and ", sharing)));
            }
        });
    }
}
