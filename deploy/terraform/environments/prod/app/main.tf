# Everything that a release changes. Looks up the infra stack's resources by name and manages none of them.

module "services" {
  source = "../../../modules/services"

  prefix              = var.prefix
  registry_name       = var.registry_name
  images              = var.images
  rules_directory     = "${path.root}/../../../../../docker/prometheus/rules"
  metrics             = true
  domain_name         = var.domain_name
  hosted_zone_id      = var.hosted_zone_id
  producer            = { cpu = 512, memory_mib = 1024, min_tasks = 3, max_tasks = 9 }
  consumer            = { cpu = 512, memory_mib = 1024, min_tasks = 2, max_tasks = 6, spot_weight = 5 }
  log_retention_days  = 90
  execute_command     = var.execute_command
  to_enable_trigger   = var.to_enable_trigger
  deletion_protection = var.deletion_protection
}
