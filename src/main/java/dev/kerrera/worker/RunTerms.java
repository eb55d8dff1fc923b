package dev.kerrera.worker;

import dev.kerrera.config.Durations;
import jakarta.ejb.TransactionAttribute;
import jakarta.enterprise.inject.spi.Annotated;
import jakarta.enterprise.inject.spi.AnnotatedType;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How a worker wants its jobs to be run.
 *
 * @param work what its annotation says
 * @param transactional what {@code @Transactional} says about its {@code perform}, if anything
 */
record RunTerms(Work work, Optional<TxType> transactional) {

    private static final Set<TxType> JOINING = Set.of(TxType.REQUIRED, TxType.MANDATORY);
    private static final Set<TxType> REFUSING = Set.of(TxType.NEVER, TxType.NOT_SUPPORTED, TxType.REQUIRES_NEW);

    static RunTerms of(Work work, Bean<?> bean, Annotated annotated) {
        return new RunTerms(
                work,
                Stream.of(onMethod(annotated), said(annotated), onStereotype(bean))
                        .flatMap(Optional::stream)
                        .findFirst());
    }

    Execution execution() {
        boolean joins =
                switch (work.completion()) {
                    case AUTOMATIC -> transactional.filter(JOINING::contains).isPresent();
                    case TRANSACTIONAL -> true;
                    case SEPARATE -> false;
                };
        return new Execution(timeout().orElse(null), joins);
    }

    List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (!work.timeout().isEmpty() && timeout().isEmpty()) {
            problems.add("has timeout '%s': it must be a duration of more than zero, such as 30s or PT2M"
                    .formatted(work.timeout()));
        }
        transactional.ifPresent(type -> {
            if (work.completion() == Completion.TRANSACTIONAL && REFUSING.contains(type)) {
                problems.add(
                        "has completion TRANSACTIONAL and @Transactional(%s), which does not run in the transaction that completes the job: use REQUIRED, or completion SEPARATE"
                                .formatted(type));
            }
            if (work.completion() == Completion.SEPARATE && type == TxType.MANDATORY) {
                problems.add(
                        "has completion SEPARATE and @Transactional(MANDATORY), for which nobody begins a transaction: use REQUIRED, or completion AUTOMATIC");
            }
        });
        return problems;
    }

    private Optional<Duration> timeout() {
        return Durations.positive(work.timeout());
    }

    /** Of the method that runs: what it overrides is listed as well. */
    private static Optional<TxType> onMethod(Annotated annotated) {
        return annotated instanceof AnnotatedType<?> type
                ? type.getMethods().stream()
                        .filter(method -> performs(method.getJavaMember()))
                        .max(Comparator.comparingInt(
                                method -> depth(method.getJavaMember().getDeclaringClass())))
                        .flatMap(RunTerms::said)
                : Optional.empty();
    }

    private static boolean performs(Method method) {
        Class<?>[] parameters = method.getParameterTypes();
        return method.getName().equals("perform")
                && parameters.length == 2
                && parameters[1] == JobContext.class
                && !method.isBridge();
    }

    private static int depth(Class<?> type) {
        Class<?> above = type.getSuperclass();
        return above == null ? 0 : 1 + depth(above);
    }

    private static Optional<TxType> onStereotype(Bean<?> bean) {
        return bean.getStereotypes().stream()
                .map(stereotype -> stereotype.getAnnotation(Transactional.class))
                .filter(Objects::nonNull)
                .map(Transactional::value)
                .findFirst();
    }

    /** By the annotation of CDI beans, or by that of EJBs, which has the same types under the same names. */
    private static Optional<TxType> said(Annotated annotated) {
        TransactionAttribute ejb = annotated.getAnnotation(TransactionAttribute.class);
        return Optional.ofNullable(annotated.getAnnotation(Transactional.class))
                .map(Transactional::value)
                .or(() -> Optional.ofNullable(ejb)
                        .map(attribute -> TxType.valueOf(attribute.value().name())));
    }
}
