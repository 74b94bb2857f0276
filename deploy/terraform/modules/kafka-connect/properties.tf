# The connector's file is the one that a local worker gets. Here it loses what exists only there, and gets what MSK needs.

locals {
  file = jsondecode(file(var.connector_file)).config

  # The brokers decide how many copies a topic has.
  replication = {
    for name in keys(local.file) : name => "-1"
    if can(regex("^topic\\.creation\\..*\\.replication\\.factor$", name))
  }

  converter_regions = {
    for name in keys(local.file) : name => local.region
    if can(regex("^(key|value)\\.converter\\.region$", name))
  }

  # Debezium connects to the brokers with clients of its own for the history of table definitions. It does not get the
  # worker's settings.
  has_schema_history = contains(keys(local.file), "schema.history.internal.kafka.bootstrap.servers")
  schema_history_clients = !local.has_schema_history ? {} : merge(concat(
    [{ "schema.history.internal.kafka.bootstrap.servers" = var.kafka.bootstrap_servers }],
    [for client in ["producer", "consumer"] : {
      "schema.history.internal.${client}.security.protocol"                  = "SASL_SSL"
      "schema.history.internal.${client}.sasl.mechanism"                     = "AWS_MSK_IAM"
      "schema.history.internal.${client}.sasl.jaas.config"                   = "software.amazon.msk.auth.iam.IAMLoginModule required;"
      "schema.history.internal.${client}.sasl.client.callback.handler.class" = "software.amazon.msk.auth.iam.IAMClientCallbackHandler"
    }],
  )...)

  # The address of a local registry. Without it, the converter calls AWS Glue.
  removed = setunion(var.removed, [
    for name in keys(local.file) : name if can(regex("^(key|value)\\.converter\\.endpoint$", name))
  ])

  config = tomap(merge(
    { for name, value in local.file : name => tostring(value) if !contains(local.removed, name) },
    local.replication,
    local.converter_regions,
    local.schema_history_clients,
    var.replaced,
    var.added,
  ))

  unknown_replaced = setsubtract(setunion(keys(var.replaced), var.removed), keys(local.file))
  known_added      = setintersection(keys(var.added), keys(local.file))

  foreign_references = sort([
    for name, value in local.config : name
    if length(regexall("\\$\\{", value)) > length(regexall("\\$\\{secretsmanager:[^:}]+:[^:}]+\\}", value))
  ])
  local_addresses = sort([
    for name, value in local.config : name if can(regex("http://|localhost|127\\.0\\.0\\.1|host\\.docker\\.internal", value))
  ])
  plain_secrets = sort([
    for name, value in local.config : name
    if can(regex("(?i)(password|passphrase|secret|private\\.?key|access\\.?key|token|credential)", name))
    && !can(regex("^\\$\\{secretsmanager:[^:}]+:[^:}]+\\}$", value))
  ])
  named_secrets = toset(flatten([for value in values(local.config) : regexall("\\$\\{secretsmanager:([^:}]+):", value)]))
}
