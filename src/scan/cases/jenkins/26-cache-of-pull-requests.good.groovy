// --- Jenkinsfile
pipeline {
    agent { label 'linux' }
    options { timeout(time: 30, unit: 'MINUTES') }
    stages {
        stage('Build') {
            when { not { changeRequest() } }
            steps {
                cache(caches: [arbitraryFileCache(path: 'node_modules')]) {
                    withCredentials([string(credentialsId: 'npm-read', variable: 'NPM_READ')]) {
                        sh 'npm ci && npm run build'
                    }
                }
            }
        }
    }
}
