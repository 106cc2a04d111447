package io.campaignroutes.check;

import java.util.List;
import java.util.function.Function;

/** What the files of {@code routes/} are held to; one constant, one kind of mistake. */
public enum RouteRule {
  /** YAML that can be read, with each key once. */
  YAML(RouteShape::unreadable, Needs.ONE_FILE),
  /** A list of routes, configurations and rests at the root. */
  ROOT(RouteShape::oddRoots, Needs.ONE_FILE),
  /** Camel's schema of its YAML DSL: known steps with known fields. */
  SCHEMA(RouteShape::againstSchema, Needs.ONE_FILE),
  /** Every step written out, none in the short forms that Camel is about to drop. */
  CANONICAL(RouteShape::compactForms, Needs.ONE_FILE),
  /** No id twice: of two routes Camel would keep the last one, with two steps it does not start. */
  UNIQUE_IDS(RouteNames::doubledIds, Needs.ALL_FILES),
  DESCRIBED(RouteNames::undescribed, Needs.ONE_FILE),
  /** Kebab case, and the file's subject first. */
  ID_NAMES(RouteNames::oddIds, Needs.ONE_FILE),
  /** Every route says what its failures lead to. */
  ERROR_HANDLING(RouteLinks::withoutErrorHandling, Needs.ONE_FILE),
  CONFIGURATION_DEFINED(RouteLinks::undefinedConfigurations, Needs.ALL_ROUTES),
  DIRECT_REACHES_ONE(RouteLinks::directToNobodyOrMany, Needs.ALL_ROUTES),
  DIRECT_NAMED_AFTER_ROUTE(RouteLinks::directNotNamedAfterRoute, Needs.ONE_FILE),
  DIRECT_IS_CALLED(RouteLinks::directNeverCalled, Needs.ALL_ROUTES),
  /** Routes of the HTTP API read the request first and write the answer last. */
  HTTP_BORDER(RouteHttp::openBorders, Needs.ALL_ROUTES),
  HTTP_FAILURE(RouteHttp::openFailures, Needs.ALL_ROUTES),
  /** The description of the HTTP API has exactly the paths of the routes. */
  OPENAPI(RouteHttp::openApiDifferences, Needs.ALL_ROUTES),
  NOT_ONE_BEAN(RouteNames::onlyOneBean, Needs.ONE_FILE),
  OUTSIDE_CALLS(RouteNames::outsideCallsWithoutId, Needs.ONE_FILE),
  /** Components that are there and options that they have. */
  ENDPOINTS(RouteEndpoints::faults, Needs.ONE_FILE),
  /** Beans that are there and methods that they have. */
  BEANS(RouteBeans::faults, Needs.ALL_FILES),
  /** Expressions that Camel's parser takes. */
  EXPRESSIONS(RouteExpressions::unparsable, Needs.ONE_FILE),
  /** Placeholders that have a value. */
  PLACEHOLDERS(RouteExpressions::withoutValue, Needs.ONE_FILE),
  /** A platform that is there and serves the whole port. */
  PORT_IS_SERVED(RoutePort::unserved, Needs.ALL_ROUTES),
  /** Whoever calls an operation of the port says in the step before what it is called with. */
  PORT_CALLS_ARE_DECLARED(RoutePort::undeclared, Needs.ALL_ROUTES),
  /** Nothing but the port's operations, and no variable, leads from one side to the other. */
  PORT_HAS_TWO_SIDES(RoutePort::crossings, Needs.ALL_ROUTES),
  /** Operations of CXone that the API file describes. */
  OPERATIONS(CxoneFile::unknownOperations, Needs.ALL_FILES),
  /** Calls of CXone that are made from what the port asks with, a new rate say. */
  ARGUMENTS(CxoneFile::unreadArguments, Needs.ALL_ROUTES);

  /** What a rule has to see before it can tell. */
  private enum Needs {
    ONE_FILE,
    ALL_FILES,
    /** All files, and what each of them is. */
    ALL_ROUTES
  }

  private final Function<Project, List<Fault>> faults;
  private final Needs needs;

  RouteRule(Function<Project, List<Fault>> faults, Needs needs) {
    this.faults = faults;
    this.needs = needs;
  }

  /** Whether what it says of a file is the same whichever files there are beside it. */
  boolean looksAtEachFile() {
    return needs == Needs.ONE_FILE;
  }

  /** What breaks this rule; nothing when it cannot be told because a file cannot be read. */
  public List<Fault> faults(Project project) {
    boolean untold = needs == Needs.ALL_ROUTES && !project.hasAllRoutes();
    return untold ? List.of() : faults.apply(project);
  }
}
