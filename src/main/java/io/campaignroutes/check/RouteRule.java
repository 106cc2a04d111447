package io.campaignroutes.check;

import java.util.List;
import java.util.function.Function;

/** What the files of {@code routes/} are held to; one constant, one kind of mistake. */
public enum RouteRule {
  /** YAML that can be read, with each key once. */
  YAML(RouteShape::unreadable, false),
  /** A list of routes, configurations and rests at the root. */
  ROOT(RouteShape::oddRoots, false),
  /** Camel's schema of its YAML DSL: known steps with known fields. */
  SCHEMA(RouteShape::againstSchema, false),
  /** Every step written out, none in the short forms that Camel is about to drop. */
  CANONICAL(RouteShape::compactForms, false),
  /** No id twice: of two routes Camel would keep the last one, with two steps it does not start. */
  UNIQUE_IDS(RouteNames::doubledIds, false),
  DESCRIBED(RouteNames::undescribed, false),
  /** Kebab case, and the file's subject first. */
  ID_NAMES(RouteNames::oddIds, false),
  /** Every route says what its failures lead to. */
  ERROR_HANDLING(RouteLinks::withoutErrorHandling, false),
  CONFIGURATION_DEFINED(RouteLinks::undefinedConfigurations, true),
  DIRECT_REACHES_ONE(RouteLinks::directToNobodyOrMany, true),
  DIRECT_NAMED_AFTER_ROUTE(RouteLinks::directNotNamedAfterRoute, false),
  DIRECT_IS_CALLED(RouteLinks::directNeverCalled, true),
  /** Routes of the HTTP API read the request first and write the answer last. */
  HTTP_BORDER(RouteHttp::openBorders, true),
  HTTP_FAILURE(RouteHttp::openFailures, true),
  /** The description of the HTTP API has exactly the paths of the routes. */
  OPENAPI(RouteHttp::openApiDifferences, true),
  NOT_ONE_BEAN(RouteNames::onlyOneBean, false),
  OUTSIDE_CALLS(RouteNames::outsideCallsWithoutId, false),
  /** Components that are there and options that they have. */
  ENDPOINTS(RouteEndpoints::faults, false),
  /** Beans that are there and methods that they have. */
  BEANS(RouteBeans::faults, false),
  /** Expressions that Camel's parser takes. */
  EXPRESSIONS(RouteExpressions::unparsable, false),
  /** Placeholders that have a value. */
  PLACEHOLDERS(RouteExpressions::withoutValue, false),
  /** A platform that is there and serves the whole port. */
  PORT_IS_SERVED(RoutePort::unserved, true),
  /** Whoever calls an operation of the port says in the step before what it is called with. */
  PORT_CALLS_ARE_DECLARED(RoutePort::undeclared, true),
  /** Nothing but the port's operations, and no variable, leads from one side to the other. */
  PORT_HAS_TWO_SIDES(RoutePort::crossings, true),
  /** Operations of CXone that the API file describes. */
  OPERATIONS(CxoneFile::unknownOperations, false),
  /** Calls of CXone that are made from what the port asks with, a new rate say. */
  ARGUMENTS(CxoneFile::unreadArguments, true);

  private final Function<Project, List<Fault>> faults;
  private final boolean needsAllRoutes;

  RouteRule(Function<Project, List<Fault>> faults, boolean needsAllRoutes) {
    this.faults = faults;
    this.needsAllRoutes = needsAllRoutes;
  }

  /** What breaks this rule; nothing when it cannot be told because a file cannot be read. */
  public List<Fault> faults(Project project) {
    return needsAllRoutes && !project.hasAllRoutes() ? List.of() : faults.apply(project);
  }
}
