variable "name" {
  description = "Name of the service and of all that is its own."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,31}$", var.name))
    error_message = "name is 2 to 32 lower-case letters, digits and hyphens, and begins with a letter: a load balancer takes no longer one."
  }
}

variable "network" {
  description = "The VPC, its private subnets in different zones, and the group of the interface endpoints."
  type = object({
    vpc_id                      = string
    subnet_ids                  = list(string)
    endpoints_security_group_id = string
  })
}

variable "kafka" {
  description = "The cluster: its ARN, the brokers with IAM (host:port by comma), and the group whose holders may talk to them."
  type = object({
    cluster_arn              = string
    bootstrap_servers        = string
    client_security_group_id = string
  })
}

variable "service" {
  description = "How it runs: ECS cluster, image, CPU units and MiB of a task, LOG_LEVEL, days that logs stay, whether ECS Exec is allowed (which makes the root file system writable, and wants the endpoint ssmmessages), whether an apply waits for the deployment, and values that are known once what the service needs is there."
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
    error_message = "service.log_level is trace, debug, info, warn, error, fatal or silent."
  }
}

variable "metrics" {
  description = "Where metrics go: the collector's image in ECR, and the Prometheus workspace's id; null: none are sent."
  type = object({
    image        = string
    workspace_id = string
  })
  default = null
}

variable "registry_name" {
  description = "REGISTRY_NAME: the Glue schema registry."
  type        = string
  default     = "customer"

  validation {
    condition     = can(regex("^[a-zA-Z0-9_$#.-]{1,255}$", var.registry_name))
    error_message = "registry_name is 1 to 255 letters, digits and _ $ # . -"
  }
}

variable "topic" {
  description = "TOPIC_NAME."
  type        = string
  default     = "orders"

  validation {
    condition     = can(regex("^[a-zA-Z0-9._-]{1,249}$", var.topic))
    error_message = "topic is a legal topic name."
  }
}

variable "schema_auto_registration" {
  description = "SCHEMA_AUTO_REGISTRATION: may the producer create the registry, schemas and versions? Its role allows it either way only if this is true."
  type        = bool
  default     = true
}

variable "domain_name" {
  description = "Name under which the load balancer is called, and for which the certificate is."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9-]+\\.)+[a-z]{2,}$", var.domain_name))
    error_message = "domain_name is a host name such as orders.example.com."
  }
}

variable "hosted_zone_id" {
  description = "Public Route 53 zone of that name: the certificate is proved in it. The record in it points to private addresses."
  type        = string

  validation {
    condition     = can(regex("^Z[A-Z0-9]+$", var.hosted_zone_id))
    error_message = "hosted_zone_id is a Route 53 zone's id."
  }
}

variable "client_cidr_blocks" {
  description = "Who may post orders, by address: the VPC, say. There is no authentication yet, so never the whole internet."
  type        = set(string)

  validation {
    condition     = alltrue([for block in var.client_cidr_blocks : can(cidrhost(block, 0)) && try(tonumber(split("/", block)[1]) >= 8, false)])
    error_message = "client_cidr_blocks are IPv4 ranges of /8 or narrower."
  }
}

variable "deletion_protection" {
  description = "Refuse to remove the load balancer."
  type        = bool
  default     = false
}
