package dev.kerrera.worker;

import dev.kerrera.job.JobDefaults;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * A worker, the defaults of its jobs and how they are run.
 *
 * @param name the name jobs carry
 * @param beanClass the class that implements it
 * @param argsType what its args are read as
 * @param defaults what its jobs are unless they say otherwise
 * @param execution how they are run
 * @param crons when jobs of it are inserted by themselves
 * @param instances gives a bean for each run
 */
public record WorkerDefinition(
        String name,
        Class<?> beanClass,
        Type argsType,
        JobDefaults defaults,
        Execution execution,
        List<CronLine> crons,
        Supplier<WorkerInstance> instances) {

    /** One without a crontab. */
    public WorkerDefinition(
            String name,
            Class<?> beanClass,
            Type argsType,
            JobDefaults defaults,
            Execution execution,
            Supplier<WorkerInstance> instances) {
        this(name, beanClass, argsType, defaults, execution, List.of(), instances);
    }

    /** Whether the worker has its own idea of how long failed jobs wait. */
    public boolean decidesBackoff() {
        return Arrays.stream(beanClass.getMethods())
                .anyMatch(method -> method.getName().equals("backoff")
                        && method.getParameterCount() == 2
                        && method.getDeclaringClass() != Worker.class);
    }

    /** A bean that serves one run. */
    public WorkerInstance obtain() {
        return instances.get();
    }
}
