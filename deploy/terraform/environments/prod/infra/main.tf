# Long-lived resources, which cost money even without traffic: network, brokers, registry, image repositories.

module "network" {
  source = "../../../modules/network"

  prefix = var.prefix
  # Each zone works without the others.
  endpoint_zones          = 3
  interface_endpoints     = concat(["aps-workspaces", "ecr.api", "ecr.dkr", "glue", "logs", "secretsmanager", "sts"], var.access ? ["ssm", "ssmmessages"] : [])
  flow_log_retention_days = 90
}

module "access" {
  source = "../../../modules/access"
  count  = var.access ? 1 : 0

  prefix     = var.prefix
  vpc_id     = module.network.vpc_id
  cidr_block = module.network.cidr_block
  subnet_id  = module.network.private_subnet_ids[0]
}

module "msk" {
  source = "../../../modules/msk"

  prefix                = var.prefix
  vpc_id                = module.network.vpc_id
  subnet_ids            = module.network.private_subnet_ids
  vpn_security_group_id = one(module.access[*].security_group_id)
  vpn_enabled           = var.access
  kafka_version         = var.kafka_version
  instance_type         = var.broker_instance_type
  volume_gib            = 100
  max_volume_gib        = var.max_volume_gib
  log_retention_days    = 30
}

module "registry" {
  source = "../../../modules/glue-registry"

  registry_name    = var.registry_name
  schema_directory = "${path.root}/../../../../../schemas"
}

module "ecr" {
  source = "../../../modules/ecr"

  prefix = var.prefix
}

module "observability" {
  source = "../../../modules/observability"

  prefix             = var.prefix
  rules_directory    = "${path.root}/../../../../../docker/prometheus/rules"
  grafana            = var.grafana
  log_retention_days = 90
}

module "github_oidc" {
  source = "../../../modules/github-oidc"
  count  = var.github == null ? 0 : 1

  prefix          = var.prefix
  repository      = var.github.repository
  environment     = "prod"
  create_provider = var.github.create_provider
}
