# Everything that a release changes. Looks up the infra stack's resources by name and manages none of them.

module "services" {
  source = "../../../modules/services"

  prefix             = var.prefix
  registry_name      = var.registry_name
  images             = var.images
  rules_directory    = "${path.root}/../../../../../docker/prometheus/rules"
  metrics            = var.metrics
  domain_name        = var.domain_name
  hosted_zone_id     = var.hosted_zone_id
  producer           = { cpu = 256, memory_mib = 512, min_tasks = 1, max_tasks = 2 }
  consumer           = { cpu = 256, memory_mib = 512, min_tasks = 1, max_tasks = 2, spot_weight = 7 }
  log_retention_days = 7
  execute_command    = var.execute_command
  to_enable_trigger  = var.to_enable_trigger
}
