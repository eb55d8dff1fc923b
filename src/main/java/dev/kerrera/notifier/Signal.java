package dev.kerrera.notifier;

import static java.lang.annotation.ElementType.FIELD;
import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.ElementType.PARAMETER;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import jakarta.enterprise.util.AnnotationLiteral;
import jakarta.inject.Qualifier;
import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * Observes the messages of Oban's channel {@code signal}, which tell queues what to do, such as to pause:
 *
 * <pre>{@code void on(@Observes @Signal Notification message)}</pre>
 */
@Qualifier @Documented
@Retention(RUNTIME)
@Target({FIELD, METHOD, PARAMETER})
public @interface Signal {

    /** The annotation as a value. */
    final class Literal extends AnnotationLiteral<Signal> implements Signal {

        /** The only instance needed. */
        public static final Literal INSTANCE = new Literal();

        private static final long serialVersionUID = 1L;

        private Literal() {}
    }
}
