package dev.kerrera.worker;

import dev.kerrera.job.JobDefaults;
import jakarta.enterprise.context.spi.CreationalContext;
import jakarta.enterprise.inject.spi.Annotated;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import java.lang.annotation.Annotation;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A bean annotated as a worker, not yet known to be one. */
record FoundWorker(
        Bean<?> bean,
        Class<?> beanClass,
        Work work,
        RunTerms terms,
        Optional<JobUniqueness> uniqueness,
        List<Cron> crons,
        Set<Type> types) {

    static FoundWorker of(Bean<?> bean, Annotated annotated, Work work) {
        return new FoundWorker(
                bean,
                bean.getBeanClass(),
                work,
                RunTerms.of(work, bean, annotated),
                Optional.ofNullable(annotated.getAnnotation(UniqueJobs.class)).map(JobUniqueness::new),
                List.copyOf(annotated.getAnnotations(Cron.class)),
                annotated.getTypeClosure());
    }

    String name() {
        return work.name().isEmpty() ? beanClass.getName() : work.name();
    }

    /** The type given for the worker's parameter, if it is a worker that gives one. */
    Optional<Type> argsType() {
        return types.stream()
                .filter(ParameterizedType.class::isInstance)
                .map(ParameterizedType.class::cast)
                .filter(type -> type.getRawType() == Worker.class)
                .map(type -> type.getActualTypeArguments()[0])
                .filter(type -> type instanceof Class || type instanceof ParameterizedType)
                .findFirst();
    }

    WorkerDefinition definition(BeanManager beans) {
        Type argsType = argsType().orElseThrow();
        Type workerType = workerType();
        return new WorkerDefinition(
                name(),
                beanClass,
                argsType,
                defaults(),
                terms.execution(),
                decisions(beans),
                cronLines(),
                () -> instance(beans, workerType));
    }

    List<CronLine> cronLines() {
        return crons.stream().map(cron -> CronLine.of(name(), cron)).toList();
    }

    /** A decorator of the bean may answer whatever the class does not. */
    private Decisions decisions(BeanManager beans) {
        Annotation[] qualifiers = bean.getQualifiers().toArray(Annotation[]::new);
        return beans.resolveDecorators(bean.getTypes(), qualifiers).isEmpty() ? Decisions.of(beanClass) : Decisions.ALL;
    }

    private JobDefaults defaults() {
        return new JobDefaults(
                work.queue(),
                work.maxAttempts(),
                work.priority(),
                List.of(work.tags()),
                uniqueness.map(JobUniqueness::unique).orElse(null),
                uniqueness.map(JobUniqueness::replace).orElse(null));
    }

    private WorkerInstance instance(BeanManager beans, Type workerType) {
        CreationalContext<?> context = beans.createCreationalContext(bean);
        Worker<?> worker = (Worker<?>) beans.getReference(bean, workerType, context);
        return new WorkerInstance(worker, context::release);
    }

    private Type workerType() {
        return bean.getTypes().stream()
                .filter(type -> type instanceof ParameterizedType generic && generic.getRawType() == Worker.class)
                .findFirst()
                .orElse(Worker.class);
    }
}
