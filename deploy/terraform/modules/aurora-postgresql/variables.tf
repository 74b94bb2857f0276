variable "name" {
  description = "Name of the database cluster and of its resources."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,40}$", var.name)) && !strcontains(var.name, "--")
    error_message = "name must have 2 to 41 lower-case letters, digits and single hyphens, and start with a letter."
  }
}

variable "vpc_id" {
  description = "Id of the subnets' VPC."
  type        = string

  validation {
    condition     = startswith(var.vpc_id, "vpc-")
    error_message = "vpc_id must be the id of a VPC (vpc-…)."
  }
}

variable "subnet_ids" {
  description = "Private subnets in different zones. Aurora requires two or more."
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "subnet_ids must be two or more subnets in different zones."
  }
}

variable "clients" {
  description = "Who may connect on 5432: a description → security group."
  type        = map(string)

  validation {
    condition     = alltrue([for group in values(var.clients) : startswith(group, "sg-")])
    error_message = "clients must have ids of security groups (sg-…) as values."
  }
}

variable "engine_version" {
  description = "Version of Aurora PostgreSQL, as `aws rds describe-db-engine-versions` prints it."
  type        = string
  default     = "17.5"

  validation {
    condition     = can(regex("^1[5-9]\\.[0-9]+$", var.engine_version))
    error_message = "engine_version must be 15 or newer, with its minor version, such as 17.5."
  }
}

variable "database_name" {
  description = "Name of the first database."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,62}$", var.database_name))
    error_message = "database_name must have up to 63 lower-case letters, digits and underscores, and start with a letter."
  }
}

variable "master_username" {
  description = "Name of the user that owns everything."
  type        = string
  default     = "postgres"
}

variable "capacity" {
  description = "Least and most Aurora capacity units (ACU; about 2 GiB of memory each)."
  type = object({
    min = number
    max = number
  })
  default = { min = 0.5, max = 2 }

  validation {
    condition     = var.capacity.min >= 0.5 && var.capacity.max >= var.capacity.min && var.capacity.max <= 256
    error_message = "capacity must be 0.5 to 256 ACU. 0 would be of no use: a connector's replication connection never lets the database pause."
  }
}

variable "instances" {
  description = "Number of instances: the first writes, a second takes over when it fails."
  type        = number
  default     = 1

  validation {
    condition     = var.instances >= 1 && var.instances <= 15
    error_message = "instances must be from 1 to 15."
  }
}

variable "backup_retention_days" {
  description = "Days that backups are kept."
  type        = number
  default     = 7

  validation {
    condition     = var.backup_retention_days >= 1 && var.backup_retention_days <= 35
    error_message = "backup_retention_days must be from 1 to 35."
  }
}

variable "deletion_protection" {
  description = "Refuse to delete the cluster, and take a last snapshot once it is allowed."
  type        = bool
  default     = true
}

variable "kms_key_arn" {
  description = "KMS key for storage and backups; null: the AWS managed key of RDS."
  type        = string
  default     = null
}

variable "log_retention_days" {
  description = "Days that CloudWatch Logs keeps PostgreSQL's log."
  type        = number
  default     = 30
}
