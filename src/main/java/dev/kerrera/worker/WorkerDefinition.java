package dev.kerrera.worker;

import java.lang.reflect.Type;
import java.util.List;
import java.util.function.Supplier;

/**
 * A worker and the defaults of its jobs.
 *
 * @param name the name jobs carry
 * @param beanClass the class that implements it
 * @param argsType what its args are read as
 * @param queue queue of its jobs
 * @param maxAttempts how often they are tried
 * @param priority their priority
 * @param tags their tags
 * @param instances gives a bean for each run
 */
public record WorkerDefinition(
        String name,
        Class<?> beanClass,
        Type argsType,
        String queue,
        int maxAttempts,
        int priority,
        List<String> tags,
        Supplier<WorkerInstance> instances) {

    /** A bean that serves one run. */
    public WorkerInstance obtain() {
        return instances.get();
    }
}
