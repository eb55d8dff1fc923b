package dev.kerrera.config;

import static java.lang.annotation.ElementType.FIELD;
import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.ElementType.PARAMETER;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import jakarta.inject.Qualifier;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * Keeps Kerrera's beans of common types, such as its clock and its executor, apart from the application's own.
 *
 * <p>Not for applications.
 */
@Qualifier @Retention(RUNTIME)
@Target({FIELD, METHOD, PARAMETER})
public @interface Internal {}
