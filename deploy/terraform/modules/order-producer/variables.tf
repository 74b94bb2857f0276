variable "name" {
  description = "Name of the service and of its resources."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,31}$", var.name))
    error_message = "name must have 2 to 32 lower-case letters, digits and hyphens, and start with a letter. A load balancer's name cannot be longer."
  }
}

variable "network" {
  description = "VPC, private subnets in different zones, and security group of the interface endpoints."
  type = object({
    vpc_id                      = string
    subnet_ids                  = list(string)
    endpoints_security_group_id = string
  })
}

variable "kafka" {
  description = "MSK cluster: ARN, bootstrap brokers with IAM (host:port, comma-separated), and security group of the brokers' clients."
  type = object({
    cluster_arn              = string
    bootstrap_servers        = string
    client_security_group_id = string
  })
}

variable "service" {
  description = "ECS cluster, image, CPU units and MiB of a task, LOG_LEVEL, log retention in days, whether ECS Exec is allowed (it makes the root file system writable and needs the endpoint ssmmessages), whether an apply waits for the deployment, and values that are known once the service's dependencies exist."
  type = object({
    cluster_name          = string
    image                 = string
    cpu                   = optional(number, 512)
    memory_mib            = optional(number, 1024)
    min_tasks             = optional(number, 2)
    max_tasks             = optional(number, 4)
    log_level             = optional(string, "info")
    log_retention_days    = optional(number, 30)
    execute_command       = optional(bool, false)
    wait_for_steady_state = optional(bool, true)
    start_after           = optional(list(string), [])
  })

  validation {
    condition     = contains(["trace", "debug", "info", "warn", "error", "fatal", "silent"], var.service.log_level)
    error_message = "service.log_level must be trace, debug, info, warn, error, fatal or silent."
  }
}

variable "metrics" {
  description = "Sends metrics: image of the collector in ECR, and id of the Prometheus workspace. null: no metrics."
  type = object({
    image        = string
    workspace_id = string
  })
  default = null
}

variable "registry_name" {
  description = "REGISTRY_NAME: name of the Glue schema registry."
  type        = string
  default     = "customer"

  validation {
    condition     = can(regex("^[a-zA-Z0-9_$#.-]{1,255}$", var.registry_name))
    error_message = "registry_name must have 1 to 255 characters: letters, digits and _ $ # . -"
  }
}

variable "topic" {
  description = "TOPIC_NAME: topic to write to."
  type        = string
  default     = "orders"

  validation {
    condition     = can(regex("^[a-zA-Z0-9._-]{1,249}$", var.topic))
    error_message = "topic must be a valid topic name."
  }
}

variable "schema_auto_registration" {
  description = "SCHEMA_AUTO_REGISTRATION: whether the producer creates the registry, schemas and versions. Its role allows it only if this is true."
  type        = bool
  default     = true
}

variable "domain_name" {
  description = "Host name of the load balancer, and of its certificate."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9-]+\\.)+[a-z]{2,}$", var.domain_name))
    error_message = "domain_name must be a host name such as orders.example.com."
  }
}

variable "hosted_zone_id" {
  description = "Id of the public Route 53 zone that contains domain_name. The certificate is validated in it. The name resolves to private addresses."
  type        = string

  validation {
    condition     = can(regex("^Z[A-Z0-9]+$", var.hosted_zone_id))
    error_message = "hosted_zone_id must be the id of a Route 53 zone."
  }
}

variable "client_cidr_blocks" {
  description = "IPv4 ranges that may post orders, such as the VPC's. There is no authentication yet, so never allow the whole internet."
  type        = set(string)

  validation {
    condition     = alltrue([for block in var.client_cidr_blocks : can(cidrhost(block, 0)) && try(tonumber(split("/", block)[1]) >= 8, false)])
    error_message = "client_cidr_blocks must be IPv4 ranges of /8 or narrower."
  }
}

variable "deletion_protection" {
  description = "Protect the load balancer from deletion."
  type        = bool
  default     = false
}
