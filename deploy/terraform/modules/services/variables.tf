variable "prefix" {
  description = "The infra stack's prefix, by which its parts are found; begins the name of everything made here."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,16}$", var.prefix))
    error_message = "prefix is 2 to 17 lower-case letters, digits and hyphens, and begins with a letter: a load balancer has no longer name than <prefix>-order-producer."
  }
}

variable "registry_name" {
  description = "The infra stack's registry."
  type        = string
  default     = "customer"
}

variable "images" {
  description = "Image → what follows the repository's URL: @sha256:<digest>, or :<tag>. The first apply names order-producer, order-consumer, orders and, with metrics, collector; what a later one does not name stays what runs."
  type        = map(string)
  default     = {}

  validation {
    condition     = length(setsubtract(keys(var.images), ["order-producer", "order-consumer", "orders", "collector"])) == 0
    error_message = "images are order-producer, order-consumer, orders and collector."
  }

  validation {
    condition     = alltrue([for reference in values(var.images) : can(regex("^(@sha256:[0-9a-f]{64}|:[A-Za-z0-9._-]+)$", reference))])
    error_message = "images are @sha256:<64 hex digits> or :<tag>."
  }
}

variable "rules_directory" {
  description = "Prometheus rule files; alerts.yml is what the alarms are made from."
  type        = string
}

variable "metrics" {
  description = "Send the services' metrics to the infra stack's workspace, by a collector beside each."
  type        = bool
  default     = false
}

variable "domain_name" {
  description = "Name under which orders are posted."
  type        = string
}

variable "hosted_zone_id" {
  description = "Public Route 53 zone of that name."
  type        = string
}

variable "producer" {
  description = "CPU units and MiB of a producer's task, and how many tasks run at least and at most."
  type = object({
    cpu        = number
    memory_mib = number
    min_tasks  = number
    max_tasks  = number
  })
}

variable "consumer" {
  description = "The same of the consumer; of ten tasks beyond the first, spot_weight run on Spot."
  type = object({
    cpu         = number
    memory_mib  = number
    min_tasks   = number
    max_tasks   = number
    spot_weight = number
  })
}

variable "log_retention_days" {
  description = "Days that logs, decoded orders among them, stay in CloudWatch."
  type        = number
}

variable "execute_command" {
  description = "Allow ECS Exec into the services, which makes their root file systems writable. Its sessions go by the network's endpoint ssmmessages."
  type        = bool
  default     = false
}

variable "to_enable_trigger" {
  description = "Start five generators every minute."
  type        = bool
  default     = false
}

variable "deletion_protection" {
  description = "Refuse to remove the load balancer."
  type        = bool
  default     = false
}
