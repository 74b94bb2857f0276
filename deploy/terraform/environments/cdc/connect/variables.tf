variable "region" {
  description = "AWS region of the infra stack."
  type        = string
  default     = "ap-southeast-2"

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region must be an AWS region such as ap-southeast-2."
  }
}

variable "prefix" {
  description = "Prefix of the infra stack, used to look up its resources. The names of this stack begin with <prefix>-cdc."
  type        = string
  default     = "orders-dev"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,16}$", var.prefix))
    error_message = "prefix must have 2 to 17 lower-case letters, digits and hyphens, and start with a letter."
  }
}

variable "registry_name" {
  description = "Name of the Glue schema registry that this stack creates for the changes' schemas."
  type        = string
  default     = "cdc"
}

variable "secrets_endpoint" {
  description = "Create the interface endpoint secretsmanager. false where the infra stack has one, as prod's has."
  type        = bool
  default     = true
}

variable "plugins" {
  description = "Zips of the plugins on this machine: debezium-postgresql and s3-sink, each with the Glue converter. tools/release/connect-plugin.ts makes them."
  type        = map(string)

  validation {
    condition     = toset(keys(var.plugins)) == toset(["debezium-postgresql", "s3-sink"])
    error_message = "plugins must name the zips of debezium-postgresql and s3-sink."
  }

  validation {
    condition     = alltrue([for path in values(var.plugins) : fileexists(path)])
    error_message = "plugins must name files that exist; make them with tools/release/connect-plugin.ts."
  }
}

variable "orders_image" {
  description = "Image orders in the infra stack's repository: @sha256:<digest> or :<tag>."
  type        = string

  validation {
    condition     = can(regex("^(@sha256:[0-9a-f]{64}|:[A-Za-z0-9._-]+)$", var.orders_image))
    error_message = "orders_image must be @sha256:<64 hex digits> or :<tag>."
  }
}

variable "replication_password" {
  description = "Password of the user as which Debezium reads changes, at the first apply and whenever replication_password_version changes. It is stored in Secrets Manager only: pass it in TF_VAR_replication_password, never in a file."
  type        = string
  default     = null
  ephemeral   = true
  sensitive   = true

  validation {
    condition     = var.replication_password == null || try(length(var.replication_password) >= 20, false)
    error_message = "replication_password must have 20 characters or more."
  }
}

variable "replication_password_version" {
  description = "Increase it to store another replication_password."
  type        = number
  default     = 1
}

variable "engine_version" {
  description = "Version of Aurora PostgreSQL, as `aws rds describe-db-engine-versions` prints it."
  type        = string
  default     = "17.5"
}

variable "database_capacity" {
  description = "Least and most Aurora capacity units of the database."
  type = object({
    min = number
    max = number
  })
  default = { min = 0.5, max = 2 }
}

variable "database_instances" {
  description = "Number of database instances."
  type        = number
  default     = 1
}

variable "backup_retention_days" {
  description = "Days that the database's backups are kept."
  type        = number
  default     = 7
}

variable "deletion_protection" {
  description = "Refuse to delete the database and the files, and keep the deleted secret for 30 days."
  type        = bool
  default     = true
}

variable "sink_capacity" {
  description = "Capacity of the S3 sink: MCU of a worker, and the number of workers or autoscaling."
  type = object({
    mcu_count    = optional(number, 1)
    worker_count = optional(number, 1)
    autoscaling = optional(object({
      min_workers           = number
      max_workers           = number
      scale_in_cpu_percent  = optional(number, 20)
      scale_out_cpu_percent = optional(number, 80)
    }))
  })
  default = { autoscaling = { min_workers = 1, max_workers = 2 } }
}

variable "log_retention_days" {
  description = "Days that CloudWatch Logs keeps logs. The bucket keeps the workers' logs three times as long."
  type        = number
  default     = 7
}
